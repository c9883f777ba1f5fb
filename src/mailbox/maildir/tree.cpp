#include "mailbox/maildir/tree.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>

#include "mailbox/imap/names.hpp"
#include "mailbox/maildir/subscriptions.hpp"

namespace nixie {
namespace {

constexpr std::array<const char*, 3> subdirectories{"tmp", "new", "cur"};

/// False leaves the cause in errno.
bool make_directory(int parent, const char* name, int model) {
    struct stat wanted {};
    if (mkdirat(parent, name, S_IRWXU) != 0) return errno == EEXIST;
    const FileDescriptor made = open_directory(parent, name);
    return made && fstat(model, &wanted) == 0 && give_to_owner_of(model, made.get()) &&
           fchmod(made.get(), wanted.st_mode & (S_ISGID | S_IRWXU | S_IRWXG | S_IRWXO)) == 0;
}

bool make_subdirectories(int directory, int model) {
    return std::all_of(subdirectories.begin(), subdirectories.end(),
                       [&](const char* name) { return make_directory(directory, name, model); });
}

/// The file by which Maildir++ tells a folder from a Maildir of its own.
bool mark_as_folder(int directory) {
    const FileDescriptor mark(
        openat(directory, "maildirfolder", O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, file_mode_in(directory)));
    return mark && give_to_owner_of(directory, mark.get());
}

Error not_a_maildir(ErrorCode code, const std::string& path) {
    Error error = file_error(code, "open the Maildir", path, errno);
    if (error.remedy.empty()) error.remedy = "name a directory that holds cur, new and tmp";
    return error;
}

Result<MaildirFolder> open_parts(FileDescriptor directory, std::string path, ErrorCode code) {
    MaildirFolder out;
    out.fresh = open_directory(directory.get(), "new");
    if (out.fresh) out.cur = open_directory(directory.get(), "cur");
    if (!out.cur) return not_a_maildir(code, path);
    out.directory = std::move(directory);
    out.path = std::move(path);
    return out;
}

/// Built aside and renamed, so that after a crash no folder has the wrong owner or lacks a part.
bool create_folder(int root, const std::string& name) {
    const std::string staged = "tmp/nixie-folder-" + std::to_string(getpid());
    if (!make_directory(root, staged.c_str(), root)) return false;
    const FileDescriptor directory = open_directory(root, staged.c_str());
    if (!directory || !make_subdirectories(directory.get(), root) || !mark_as_folder(directory.get())) return false;
    if (fsync(directory.get()) != 0) return false;
    // Empty directories are replaced by a plain rename, never a folder with something in it.
    if (renameat(root, staged.c_str(), root, name.c_str()) != 0) return errno == EEXIST || errno == ENOTEMPTY;
    return fsync(root) == 0;
}

/// join_folder() cares for the dots; a slash cannot be in the name of a file.
std::string directory_name(std::span<const std::string> levels) {
    std::vector<std::string> safe(levels.begin(), levels.end());
    for (auto& level : safe) std::replace(level.begin(), level.end(), '/', '_');
    return "." + join_folder(safe, ImapNamespace{"", "."});
}

} // namespace

bool give_to_owner_of(int directory, int fd) {
    if (geteuid() != 0) return true;
    struct stat owner {};
    return fstat(directory, &owner) == 0 && fchown(fd, owner.st_uid, owner.st_gid) == 0;
}

mode_t file_mode_in(int directory) {
    struct stat status {};
    if (fstat(directory, &status) != 0) return S_IRUSR | S_IWUSR;
    return status.st_mode & (S_IRUSR | S_IWUSR | S_IRGRP | S_IWGRP | S_IROTH | S_IWOTH);
}

MaildirTree::MaildirTree(std::string path) : path_(std::move(path)) {
    while (path_.size() > 1 && path_.back() == '/') path_.pop_back();
}

Result<MaildirFolder> MaildirTree::open_inbox() const {
    FileDescriptor root = open_directory(AT_FDCWD, path_.c_str());
    if (!root) return not_a_maildir(ErrorCode::input, path_);
    return open_parts(std::move(root), path_, ErrorCode::input);
}

Result<void> MaildirTree::create_inbox() const {
    const std::string parent = std::filesystem::path(path_).parent_path().string();
    const FileDescriptor above = open_directory(AT_FDCWD, parent.empty() ? "." : parent.c_str());
    const bool made = above && (mkdirat(above.get(), std::filesystem::path(path_).filename().c_str(), S_IRWXU) == 0 ||
                                errno == EEXIST);
    const FileDescriptor root = open_directory(AT_FDCWD, path_.c_str());
    if (!made || !root || !make_subdirectories(root.get(), root.get()) || fsync(root.get()) != 0 ||
        fsync(above.get()) != 0)
        return file_error(ErrorCode::output, "create the Maildir", path_, errno);
    return {};
}

Result<MaildirFolder> MaildirTree::open_folder(std::span<const std::string> levels) const {
    assert(!levels.empty());
    const std::string name = directory_name(levels);
    const std::string path = path_ + "/" + name;
    const FileDescriptor root = open_directory(AT_FDCWD, path_.c_str());
    if (!root) return not_a_maildir(ErrorCode::output, path_);
    FileDescriptor directory = open_directory(root.get(), name.c_str());
    if (!directory && errno == ENOENT) {
        // Subscribed first: after a crash between the two, the missing folder makes the next try do both.
        if (auto subscribed = subscribe(root.get(), path_, std::string_view(name).substr(1)); !subscribed)
            return subscribed.error();
        if (!create_folder(root.get(), name)) return file_error(ErrorCode::output, "create the folder", path, errno);
        directory = open_directory(root.get(), name.c_str());
    }
    if (!directory || !make_subdirectories(directory.get(), root.get()))
        return file_error(ErrorCode::output, "open the folder", path, errno);
    return open_parts(std::move(directory), path, ErrorCode::output);
}

Result<MaildirFolder> MaildirTree::open_existing(std::span<const std::string> levels) const {
    if (levels.empty()) return open_inbox();
    const std::string name = directory_name(levels);
    const FileDescriptor root = open_directory(AT_FDCWD, path_.c_str());
    if (!root) return not_a_maildir(ErrorCode::input, path_);
    FileDescriptor directory = open_directory(root.get(), name.c_str());
    if (!directory) return file_error(ErrorCode::refused, "open the folder", path_ + "/" + name, errno);
    return open_parts(std::move(directory), path_ + "/" + name, ErrorCode::refused);
}

Result<std::vector<std::string>> MaildirTree::folders() const {
    std::vector<std::string> out;
    std::error_code failed;
    for (std::filesystem::directory_iterator next(path_, failed), end; !failed && next != end; next.increment(failed)) {
        const std::string name = next->path().filename().string();
        std::error_code ignored;
        if (name.size() > 1 && name[0] == '.' && name[1] != '.' && next->is_directory(ignored))
            out.push_back(show_folder(std::string_view(name).substr(1), "."));
    }
    if (failed) return file_error(ErrorCode::input, "read the directory", path_, failed.value());
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace nixie

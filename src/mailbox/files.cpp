#include "mailbox/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <system_error>

namespace nixie {
namespace {

bool is_same_file(int a_directory, const char* a, int b_directory, const char* b) {
    struct stat first {};
    struct stat second {};
    return fstatat(a_directory, a, &first, AT_SYMLINK_NOFOLLOW) == 0 &&
           fstatat(b_directory, b, &second, AT_SYMLINK_NOFOLLOW) == 0 && first.st_dev == second.st_dev &&
           first.st_ino == second.st_ino;
}

Moved outcome_of_errno() {
    if (errno == EEXIST) return Moved::target_exists;
    return errno == ENOENT ? Moved::source_is_gone : Moved::failed;
}

/// For file systems that know no RENAME_NOREPLACE (NFS). A crash between the two calls leaves both names of one file.
Moved link_and_unlink(int from_directory, const char* from, int to_directory, const char* to) {
    if (linkat(from_directory, from, to_directory, to, 0) != 0) {
        if (errno != EEXIST || !is_same_file(from_directory, from, to_directory, to)) return outcome_of_errno();
    }
    if (unlinkat(from_directory, from, 0) != 0 && errno != ENOENT) return Moved::failed;
    return Moved::done;
}

} // namespace

FileDescriptor::~FileDescriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Error file_error(ErrorCode code, std::string_view action, const std::string& path, int error_number) {
    std::string remedy;
    if (error_number == EACCES || error_number == EPERM || error_number == EROFS)
        remedy = "let the user that runs this read and write there";
    if (error_number == ENOSPC || error_number == EDQUOT) remedy = "make room on that disk";
    return {code, "cannot " + std::string(action) + ": " + std::generic_category().message(error_number), path,
            std::move(remedy)};
}

FileDescriptor open_directory(int parent, const char* name) {
    // Below a Maildir a symbolic link would let its owner aim a privileged worker at any directory.
    const int follow = parent == AT_FDCWD ? 0 : O_NOFOLLOW;
    return FileDescriptor(openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | follow));
}

Moved move_without_replacing(int from_directory, const char* from, int to_directory, const char* to) {
    if (renameat2(from_directory, from, to_directory, to, RENAME_NOREPLACE) == 0) return Moved::done;
    if (errno == EINVAL || errno == ENOSYS) return link_and_unlink(from_directory, from, to_directory, to);
    if (errno == EEXIST && is_same_file(from_directory, from, to_directory, to))
        return link_and_unlink(from_directory, from, to_directory, to);
    return outcome_of_errno();
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

bool read_up_to(int fd, std::size_t max_bytes, std::string& out) {
    constexpr std::size_t piece = 64 * 1024;
    out.clear();
    while (out.size() < max_bytes) {
        const std::size_t before = out.size();
        out.resize(before + std::min(piece, max_bytes - before));
        const ssize_t got = ::read(fd, out.data() + before, out.size() - before);
        out.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) return true;
    }
    return true;
}

} // namespace nixie

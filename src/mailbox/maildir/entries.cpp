#include "mailbox/maildir/entries.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <memory>

#include "mailbox/files.hpp"

namespace nixie {
namespace {

struct CloseDirectory {
    void operator()(DIR* directory) const { closedir(directory); }
};

using Directory = std::unique_ptr<DIR, CloseDirectory>;

Directory open_listing(int maildir, const char* name) {
    const int fd = openat(maildir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    Directory directory(fd < 0 ? nullptr : fdopendir(fd));
    if (!directory && fd >= 0) close(fd);
    return directory;
}

bool is_message(int directory, const dirent& entry) {
    if (entry.d_name[0] == '.') return false;
    if (entry.d_type != DT_UNKNOWN) return entry.d_type == DT_REG;
    struct stat status {};
    return fstatat(directory, entry.d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(status.st_mode);
}

Result<void> scan_subdirectory(int maildir, const std::string& path, Subdirectory subdirectory, MaildirEntries& out) {
    const std::string where = path + "/" + name_of(subdirectory);
    const Directory directory = open_listing(maildir, name_of(subdirectory));
    if (!directory) return file_error(ErrorCode::input, "read the directory", where, errno);
    while (true) {
        errno = 0;
        const dirent* const entry = readdir(directory.get());
        if (entry == nullptr && errno != 0) return file_error(ErrorCode::input, "read the directory", where, errno);
        if (entry == nullptr) return {};
        if (is_message(dirfd(directory.get()), *entry))
            out[std::string(unique_part(entry->d_name))] = MaildirEntry{subdirectory, entry->d_name};
    }
}

Time time_of(int maildir, const MaildirEntry& entry) {
    if (const auto time = delivery_time(entry.file_name)) return *time;
    struct stat status {};
    const std::string path = std::string(name_of(entry.subdirectory)) + "/" + entry.file_name;
    if (fstatat(maildir, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return {};
    return Time{std::chrono::seconds{status.st_mtim.tv_sec}};
}

} // namespace

std::string_view unique_part(std::string_view file_name) { return file_name.substr(0, file_name.find(':')); }

std::optional<Time> delivery_time(std::string_view file_name) {
    std::int64_t seconds = 0;
    const char* const end = file_name.data() + file_name.size();
    const auto [stop, error] = std::from_chars(file_name.data(), end, seconds);
    // Ten digits or fewer: what is longer is some counter, not the seconds since 1970.
    if (error != std::errc{} || stop == end || *stop != '.' || seconds <= 0 || seconds > 9'999'999'999)
        return std::nullopt;
    return Time{std::chrono::seconds{seconds}};
}

std::string renamed(std::string_view file_name, unsigned number) {
    const auto end = std::min(file_name.find_first_of(",:"), file_name.size());
    return std::string(file_name.substr(0, end)) + "-" + std::to_string(number) + std::string(file_name.substr(end));
}

const char* name_of(Subdirectory subdirectory) { return subdirectory == Subdirectory::fresh ? "new" : "cur"; }

Result<MaildirEntries> scan_maildir(int directory, const std::string& path) {
    MaildirEntries out;
    // "new" before "cur": a message that a client takes from one to the other meanwhile is then found, not missed.
    for (const auto subdirectory : {Subdirectory::fresh, Subdirectory::cur})
        if (auto scanned = scan_subdirectory(directory, path, subdirectory, out); !scanned) return scanned.error();
    return out;
}

std::vector<std::string> oldest_first(int directory, const MaildirEntries& entries) {
    std::vector<std::pair<Time, std::string>> sorted;
    sorted.reserve(entries.size());
    for (const auto& [uid, entry] : entries) sorted.emplace_back(time_of(directory, entry), uid);
    std::sort(sorted.begin(), sorted.end());
    std::vector<std::string> uids;
    uids.reserve(sorted.size());
    for (auto& [time, uid] : sorted) uids.push_back(std::move(uid));
    return uids;
}

} // namespace nixie

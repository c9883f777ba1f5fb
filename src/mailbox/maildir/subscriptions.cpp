#include "mailbox/maildir/subscriptions.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <ctime>
#include <limits>

#include "base/text.hpp"
#include "mailbox/files.hpp"
#include "mailbox/maildir/tree.hpp"

namespace nixie {
namespace {

constexpr std::string_view heading = "V\t2\n\n";
constexpr const char* list_name = "subscriptions";
/// Whoever creates it may write; it becomes the new file.
constexpr const char* lock_name = "subscriptions.lock";
constexpr int lock_tries = 40;
constexpr int lock_pause_ms = 50;
constexpr std::time_t lock_is_stale_after = 120;

/// Ours holds a flock() as long as its maker lives, and is empty or the new file; Dovecot's holds "pid:host". Between
/// creating the file and locking it another nixie could take it for abandoned: at worst a subscription is lost.
bool is_abandoned_by_us(int root) {
    const FileDescriptor lock(openat(root, lock_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    std::string begin;
    return lock && flock(lock.get(), LOCK_EX | LOCK_NB) == 0 && read_up_to(lock.get(), 1, begin) &&
           (begin.empty() || begin.front() < '0' || begin.front() > '9');
}

bool is_stale(int root) {
    struct stat status {};
    if (fstatat(root, lock_name, &status, AT_SYMLINK_NOFOLLOW) != 0) return false;
    return status.st_mtim.tv_sec + lock_is_stale_after < std::time(nullptr) || is_abandoned_by_us(root);
}

FileDescriptor take_lock(int root) {
    for (int tries = 0; tries < lock_tries; ++tries) {
        FileDescriptor lock(openat(root, lock_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file_mode_in(root)));
        if (lock && flock(lock.get(), LOCK_EX | LOCK_NB) != 0) return {};
        if (lock || errno != EEXIST) return lock;
        if (is_stale(root))
            unlinkat(root, lock_name, 0);
        else
            poll(nullptr, 0, lock_pause_ms);
    }
    errno = EEXIST;
    return {};
}

/// False leaves the cause in errno.
bool read_file(int root, std::string& text) {
    const FileDescriptor file(openat(root, list_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    if (!file) return errno == ENOENT;
    return read_up_to(file.get(), std::numeric_limits<std::size_t>::max(), text);
}

} // namespace

std::string with_subscription(std::string_view text, std::string_view name) {
    const bool tabs = text.empty() || text.substr(0, heading.size()) == heading;
    std::string line(name);
    if (tabs) std::replace(line.begin(), line.end(), '.', '\t');
    std::string out(text.empty() ? heading : text);
    for (std::string_view rest = text, present; next_line(rest, present);)
        if (present == line) return out;
    if (out.back() != '\n') out += '\n';
    return out + line + '\n';
}

Result<void> subscribe(int root, const std::string& path, std::string_view name) {
    const auto failed = [&] { return file_error(ErrorCode::output, "subscribe", path + "/" + list_name, errno); };
    const FileDescriptor lock = take_lock(root);
    if (!lock) return failed();
    std::string text;
    const bool written = read_file(root, text) && write_all(lock.get(), with_subscription(text, name)) &&
                         give_to_owner_of(root, lock.get()) && fsync(lock.get()) == 0 &&
                         renameat(root, lock_name, root, list_name) == 0;
    if (written) return {};
    Error error = failed();
    unlinkat(root, lock_name, 0);
    return error;
}

} // namespace nixie

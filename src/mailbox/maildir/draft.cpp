#include "mailbox/maildir/draft.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "mailbox/maildir/tree.hpp"

namespace nixie {
namespace {

constexpr std::size_t compared_at_once = 64 * 1024;

bool set_mtime(int fd, Time time) {
    timespec stamp{};
    stamp.tv_sec = time.time_since_epoch().count();
    const std::array<timespec, 2> times{stamp, stamp};
    return futimens(fd, times.data()) == 0;
}

/// Fewer bytes only at the end of the file; -1 leaves the cause in errno.
ssize_t read_block(int fd, std::string& block, off_t at) {
    std::size_t have = 0;
    while (have < block.size()) {
        const ssize_t got = ::pread(fd, block.data() + have, block.size() - have, at + static_cast<off_t>(have));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return -1;
        if (got == 0) break;
        have += static_cast<std::size_t>(got);
    }
    return static_cast<ssize_t>(have);
}

} // namespace

MaildirDraft::MaildirDraft(int directory, std::string path, std::string name, FileDescriptor file)
    : directory_(directory), path_(std::move(path)), name_(std::move(name)), file_(std::move(file)) {}

MaildirDraft::MaildirDraft(MaildirDraft&& other) noexcept
    : directory_(other.directory_),
      path_(std::move(other.path_)),
      name_(std::exchange(other.name_, {})),
      file_(std::move(other.file_)) {}

MaildirDraft::~MaildirDraft() {
    if (!name_.empty()) unlinkat(directory_, name_.c_str(), 0);
}

Error MaildirDraft::failed() const { return file_error(ErrorCode::output, "store a message", path_, errno); }

Result<MaildirDraft> MaildirDraft::begin(int directory, const std::string& path, const std::string& name) {
    const std::string temporary = "tmp/" + name;
    unlinkat(directory, temporary.c_str(), 0); // left by a crash: only this program makes such names
    FileDescriptor file(openat(directory, temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                               file_mode_in(directory)));
    if (!file) return file_error(ErrorCode::output, "store a message", path, errno);
    MaildirDraft draft(directory, path, temporary, std::move(file));
    if (!give_to_owner_of(directory, draft.file_.get())) return draft.failed();
    return draft;
}

Result<void> MaildirDraft::append(std::string_view bytes) {
    if (!write_all(file_.get(), bytes)) return failed();
    return {};
}

Result<bool> MaildirDraft::same_as(int fd) const {
    struct stat ours {};
    struct stat theirs {};
    if (fstat(file_.get(), &ours) != 0 || fstat(fd, &theirs) != 0) return failed();
    if (ours.st_size != theirs.st_size) return false;
    std::string our_block(compared_at_once, '\0'), their_block(compared_at_once, '\0');
    for (off_t at = 0; at < ours.st_size; at += static_cast<off_t>(compared_at_once)) {
        const ssize_t our_size = read_block(file_.get(), our_block, at);
        const ssize_t their_size = read_block(fd, their_block, at);
        if (our_size < 0 || their_size < 0) return failed();
        const auto used = static_cast<std::size_t>(our_size);
        if (our_size != their_size || our_block.compare(0, used, their_block, 0, used) != 0) return false;
    }
    return true;
}

Result<Moved> MaildirDraft::move_to(int fresh, const std::string& file_name, Time arrived) {
    if (!set_mtime(file_.get(), arrived) || fsync(file_.get()) != 0) return failed();
    const Moved move = move_without_replacing(directory_, name_.c_str(), fresh, file_name.c_str());
    if (move == Moved::done) name_.clear();
    if (move != Moved::done && move != Moved::target_exists) return failed();
    return move;
}

} // namespace nixie

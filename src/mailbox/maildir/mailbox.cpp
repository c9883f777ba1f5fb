#include "mailbox/maildir/mailbox.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

/// How often a message is looked up again that a mail client renames meanwhile.
constexpr int max_rounds = 4;

bool sync_all(const MaildirFolder& from, const MaildirFolder& to) {
    // The target first: after a crash between the two a message is in both places, not in none.
    return fsync(to.fresh.get()) == 0 && fsync(to.cur.get()) == 0 && fsync(from.fresh.get()) == 0 &&
           fsync(from.cur.get()) == 0;
}

} // namespace

MaildirMailbox::MaildirMailbox(std::string path) : tree_(std::move(path)) {}

Result<void> MaildirMailbox::open(Access access) {
    if (auto closed = close(); !closed) return closed.error();
    auto inbox = tree_.open_inbox();
    if (!inbox) return inbox.error();
    inbox_ = std::move(inbox).value();
    access_ = access;
    return {};
}

Result<void> MaildirMailbox::close() {
    inbox_.reset();
    entries_.clear();
    watch_ = FileDescriptor();
    return {};
}

Result<MailboxInfo> MaildirMailbox::inspect() {
    if (auto scanned = rescan(); !scanned) return scanned.error();
    auto folders = tree_.folders();
    if (!folders) return folders.error();
    MailboxInfo info;
    info.server = "Maildir " + tree_.path();
    info.separator = ".";
    info.filing = "rename";
    info.messages = entries_.size();
    info.folders = std::move(folders).value();
    return info;
}

Result<Listing> MaildirMailbox::list() {
    watch(); // before the scan, so that nothing falls between the two
    if (auto scanned = rescan(); !scanned) return scanned.error();
    return Listing{"", oldest_first(inbox_->directory.get(), entries_)};
}

Result<void> MaildirMailbox::rescan() {
    assert(inbox_);
    auto entries = scan_maildir(inbox_->directory.get(), inbox_->path);
    if (!entries) return entries.error();
    entries_ = std::move(entries).value();
    return {};
}

Result<void> MaildirMailbox::for_each_present(
    std::span<const std::string> uids,
    const std::function<Result<Step>(const std::string&, const MaildirEntry&)>& work) {
    std::vector<std::string> pending(uids.begin(), uids.end());
    for (int round = 0; round < max_rounds && !pending.empty(); ++round) {
        if (round > 0)
            if (auto scanned = rescan(); !scanned) return scanned.error();
        std::vector<std::string> vanished;
        for (const auto& uid : pending) {
            const auto entry = entries_.find(uid);
            const auto step = entry == entries_.end() ? Result<Step>(Step::vanished) : work(uid, entry->second);
            if (!step) return step.error();
            if (*step == Step::vanished) vanished.push_back(uid);
        }
        pending = std::move(vanished);
    }
    return {};
}

int MaildirMailbox::subdirectory_of(const MaildirEntry& entry) const {
    return (entry.subdirectory == Subdirectory::fresh ? inbox_->fresh : inbox_->cur).get();
}

Result<void> MaildirMailbox::fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) {
    assert(inbox_);
    return for_each_present(uids, [&](const std::string& uid, const MaildirEntry& entry) {
        return fetch_one(uid, entry, max_bytes, sink);
    });
}

Result<MaildirMailbox::Step> MaildirMailbox::fetch_one(const std::string& uid, const MaildirEntry& entry,
                                                       std::size_t max_bytes, const Sink& sink) {
    const auto failed = [&] {
        return file_error(ErrorCode::input, "read a message", inbox_->path + "/" + entry.file_name, errno);
    };
    const FileDescriptor file(
        openat(subdirectory_of(entry), entry.file_name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file && errno == ENOENT) return Step::vanished;
    struct stat status {};
    FetchedMessage message;
    if (!file || fstat(file.get(), &status) != 0 || !read_up_to(file.get(), max_bytes, message.bytes)) return failed();
    message.uid = uid;
    message.size = std::max(message.bytes.size(), static_cast<std::size_t>(status.st_size));
    message.arrived = delivery_time(entry.file_name).value_or(Time{std::chrono::seconds{status.st_mtim.tv_sec}});
    sink(std::move(message));
    return Step::done;
}

Result<void> MaildirMailbox::file(const Filing& filing) {
    assert(inbox_ && access_ == Access::change);
    if (filing.uids.empty()) return {};
    const auto folder = tree_.open_folder(filing.folder);
    if (!folder) return folder.error();
    const auto moved = for_each_present(
        filing.uids, [&](const std::string& /*uid*/, const MaildirEntry& entry) { return move_one(entry, *folder); });
    if (!moved) return moved.error();
    for (const auto& uid : filing.uids) entries_.erase(uid);
    if (!sync_all(*inbox_, *folder)) return file_error(ErrorCode::output, "sync the folder", folder->path, errno);
    return {};
}

Result<MaildirMailbox::Step> MaildirMailbox::move_one(const MaildirEntry& entry, const MaildirFolder& folder) {
    const int target = (entry.subdirectory == Subdirectory::fresh ? folder.fresh : folder.cur).get();
    for (unsigned number = 0; number < max_renames; ++number) {
        const std::string name = number == 0 ? entry.file_name : renamed(entry.file_name, number);
        switch (move_without_replacing(subdirectory_of(entry), entry.file_name.c_str(), target, name.c_str())) {
            case Move::done:
                return Step::done;
            case Move::source_is_gone:
                return Step::vanished;
            case Move::target_exists:
                continue;
            case Move::failed:
                return file_error(ErrorCode::output, "move a message", folder.path + "/" + name, errno);
        }
    }
    return Error{ErrorCode::output, "too many messages with the same name", folder.path + "/" + entry.file_name, {}};
}

/// Without inotify (its limits are the machine's) wait() runs to its timeout, and the next listing shows what came.
void MaildirMailbox::watch() {
    if (watch_) return drain_watch();
    watch_ = FileDescriptor(inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    if (!watch_) return;
    for (const char* const part : {"/new", "/cur"})
        inotify_add_watch(watch_.get(), (tree_.path() + part).c_str(), IN_CREATE | IN_MOVED_TO | IN_ONLYDIR);
}

void MaildirMailbox::drain_watch() {
    std::array<char, 16 * 1024> events{};
    while (watch_ && read(watch_.get(), events.data(), events.size()) > 0) {
    }
}

Result<Wake> MaildirMailbox::wait(Duration timeout, int stop_fd) {
    assert(inbox_);
    if (!watch_) watch();
    switch (wait_for(watch_.get(), POLLIN, from_now(timeout), stop_fd)) {
        case Ready::descriptor:
            drain_watch();
            return Wake::changed;
        case Ready::stopped:
            return Wake::stopped;
        case Ready::timeout:
            break;
    }
    return Wake::timeout;
}

} // namespace nixie

#include "mailbox/maildir/mailbox.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include <fmt/format.h>

#include "mailbox/maildir/trial.hpp"
#include "mailbox/maildir/writer.hpp"
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
    access_ = access;
    open_ = true;
    auto entered = enter({}, access);
    if (!entered) open_ = false;
    return entered;
}

Result<void> MaildirMailbox::enter(const FolderPath& folder, Access access) {
    assert(open_ && (access == Access::examine || access_ == Access::change));
    static_cast<void>(access);
    if (folder_ && path_ == folder) return {};
    folder_.reset();
    entries_.clear();
    auto opened = tree_.open_existing(folder);
    if (!opened) return opened.error();
    folder_ = std::move(opened).value();
    path_ = folder;
    return {};
}

/// Every change of a directory shows in its time, if only in steps of some milliseconds: a time so young that the next
/// change may have the same is no mark yet.
Result<std::vector<FolderState>> MaildirMailbox::look(std::span<const FolderPath> folders) {
    constexpr std::time_t young = 2; // seconds; some file systems know no finer time
    const std::time_t now = std::time(nullptr);
    std::vector<FolderState> out;
    for (const auto& path : folders) {
        FolderState& state = out.emplace_back();
        const auto folder = tree_.open_existing(path);
        struct stat fresh {};
        struct stat cur {};
        if (!folder || fstat(folder->fresh.get(), &fresh) != 0 || fstat(folder->cur.get(), &cur) != 0) continue;
        state.exists = true;
        if (std::max(fresh.st_mtim.tv_sec, cur.st_mtim.tv_sec) + young > now) continue;
        state.mark = fmt::format("{} {}.{} {}.{}", cur.st_ino, fresh.st_mtim.tv_sec, fresh.st_mtim.tv_nsec,
                                 cur.st_mtim.tv_sec, cur.st_mtim.tv_nsec);
    }
    return out;
}

Result<void> MaildirMailbox::put(const FolderPath& folder, const NewMessage& message) {
    assert(open_ && access_ == Access::change);
    if (auto stored = put_into_tree(tree_, folder, message); !stored) return stored;
    return enter({}, access_);
}

Result<void> MaildirMailbox::take_back(const FolderPath& folder, const std::string& id) {
    assert(open_ && access_ == Access::change);
    if (auto taken = take_from_tree(tree_, folder, id); !taken) return taken;
    return enter({}, access_);
}

Result<void> MaildirMailbox::close() {
    open_ = false;
    folder_.reset();
    path_.clear();
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

Result<FilingTrial> MaildirMailbox::try_out(const FolderPath& root, const Clock& /*clock*/) {
    return try_maildir(tree_, root);
}

Result<Listing> MaildirMailbox::list() {
    if (auto in = ready(); !in) return in.error();
    if (path_.empty()) watch(); // before the scan, so that nothing falls between the two
    if (auto scanned = rescan(); !scanned) return scanned.error();
    return Listing{"", oldest_first(folder_->directory.get(), entries_)};
}

Result<Listing> MaildirMailbox::list_from(const std::string& /*next*/) { return list(); }

Result<void> MaildirMailbox::ready() const {
    assert(open_);
    if (!folder_) return Error{ErrorCode::refused, "no folder is open", tree_.path()};
    return {};
}

Result<void> MaildirMailbox::rescan() {
    if (auto in = ready(); !in) return in;
    auto entries = scan_maildir(folder_->directory.get(), folder_->path);
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
    return (entry.subdirectory == Subdirectory::fresh ? folder_->fresh : folder_->cur).get();
}

Result<void> MaildirMailbox::fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) {
    if (auto in = ready(); !in) return in;
    return for_each_present(uids, [&](const std::string& uid, const MaildirEntry& entry) {
        return fetch_one(uid, entry, max_bytes, sink);
    });
}

Result<MaildirMailbox::Step> MaildirMailbox::fetch_one(const std::string& uid, const MaildirEntry& entry,
                                                       std::size_t max_bytes, const Sink& sink) {
    const auto failed = [&] {
        return file_error(ErrorCode::input, "read a message", folder_->path + "/" + entry.file_name, errno);
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

Result<Filed> MaildirMailbox::file(const Filing& filing) {
    assert(access_ == Access::change);
    if (auto in = ready(); !in) return in.error();
    Filed filed;
    if (filing.uids.empty()) return filed;
    const auto folder = tree_.open_folder(filing.folder);
    if (!folder) return folder.error();
    const auto moved = for_each_present(filing.uids, [&](const std::string& uid, const MaildirEntry& entry) {
        return move_one(uid, entry, *folder, filed);
    });
    if (!moved) return moved.error();
    for (const auto& uid : filing.uids) entries_.erase(uid);
    if (!sync_all(*folder_, *folder)) return file_error(ErrorCode::output, "sync the folder", folder->path, errno);
    return filed;
}

Result<MaildirMailbox::Step> MaildirMailbox::move_one(const std::string& uid, const MaildirEntry& entry,
                                                      const MaildirFolder& folder, Filed& filed) {
    const int target = (entry.subdirectory == Subdirectory::fresh ? folder.fresh : folder.cur).get();
    for (unsigned number = 0; number < max_renames; ++number) {
        const std::string name = number == 0 ? entry.file_name : renamed(entry.file_name, number);
        switch (move_without_replacing(subdirectory_of(entry), entry.file_name.c_str(), target, name.c_str())) {
            case Moved::done:
                filed.uids[uid] = unique_part(name);
                return Step::done;
            case Moved::source_is_gone:
                return Step::vanished;
            case Moved::target_exists:
                continue;
            case Moved::failed:
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
    assert(open_);
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

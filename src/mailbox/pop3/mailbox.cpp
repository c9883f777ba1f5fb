#include "mailbox/pop3/mailbox.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "mailbox/maildir/trial.hpp"
#include "mailbox/pop3/message.hpp"
#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

constexpr std::size_t max_listing = std::size_t{256} << 20;
/// TOP counts lines, not bytes; real mail has 40 to 76 bytes a line.
constexpr std::size_t bytes_per_line = 64;

/// Takes a number and the space after it off the front; nothing if there is none.
std::optional<std::size_t> take_number(std::string_view& text) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text = trim(text.substr(static_cast<std::size_t>(end - text.data())));
    return number;
}

/// "number rest" for each line of the reply to UIDL or LIST.
template <class Use>
Result<void> read_lines(std::string_view body, const Use& use) {
    std::string_view line;
    while (next_line(body, line)) {
        const auto number = take_number(line);
        if (!number || !use(*number, line))
            return Error{ErrorCode::protocol, "the POP3 server's listing cannot be read", {}, {}};
    }
    return {};
}

} // namespace

Pop3Mailbox::Pop3Mailbox(Endpoint endpoint, std::string maildir, Afterwards afterwards)
    : endpoint_(std::move(endpoint)), tree_(std::move(maildir)), afterwards_(afterwards) {}

Error Pop3Mailbox::give_up(Error error) {
    session_.reset();
    listed_.reset();
    if (error.where.empty()) error.where = endpoint_.url;
    return error;
}

Result<void> Pop3Mailbox::open(Access access) {
    if (auto closed = close(); !closed) return closed;
    access_ = access;
    return connect();
}

Result<void> Pop3Mailbox::connect() {
    assert(access_);
    if (session_) return {};
    auto session = Pop3Session::open(endpoint_);
    if (!session) return session.error();
    session_ = std::move(session).value();
    login_delay_ = session_->login_delay();
    return {};
}

Result<void> Pop3Mailbox::close() {
    access_.reset();
    folder_.reset();
    return quit();
}

Result<void> Pop3Mailbox::quit() {
    listed_.reset();
    if (!session_) return {};
    auto reply = session_->ask({"QUIT"});
    if (!reply) return give_up(reply.error());
    if (!reply->ok) return give_up(session_->refused("QUIT", *reply));
    session_.reset();
    return {};
}

Result<MailboxInfo> Pop3Mailbox::inspect() {
    if (auto connected = connect(); !connected) return connected.error();
    const auto reply = session_->ask({"STAT"});
    if (!reply) return give_up(reply.error());
    if (!reply->ok) return session_->refused("STAT", *reply);
    std::string_view rest = reply->text;
    MailboxInfo info;
    info.server = endpoint_.url;
    info.capabilities = session_->capabilities();
    info.filing = "RETR, stored below " + tree_.path();
    info.filing += afterwards_ == Afterwards::keep ? ", kept on the server" : ", DELE";
    info.messages = take_number(rest).value_or(0);
    if (tree_.open_inbox()) {
        auto folders = tree_.folders();
        if (!folders) return folders.error();
        info.folders = std::move(folders).value();
    }
    return info;
}

/// Of filing: into the tree on the local disk.
Result<FilingTrial> Pop3Mailbox::try_out(const FolderPath& root, const Clock& /*clock*/) {
    const bool was_there = tree_.open_inbox().ok();
    if (auto made = create_tree(); !made) return made.error();
    FilingTrial trial = try_maildir(tree_, root);
    std::error_code ignored; // what is not empty stays
    if (!was_there)
        for (const char* const part : {"/tmp", "/new", "/cur", ""})
            std::filesystem::remove(tree_.path() + part, ignored);
    return trial;
}

Result<Listing> Pop3Mailbox::list_from(const std::string& /*next*/) { return list(); }

Result<Listing> Pop3Mailbox::list() {
    if (folder_) return folder_->list();
    if (auto read = read_listing(); !read) return read.error();
    Listing out;
    for (const auto& uid : order_)
        if (listed_->count(uid) != 0) out.uids.push_back(uid);
    return out;
}

Result<void> Pop3Mailbox::read_listing() {
    if (auto connected = connect(); !connected) return connected.error();
    if (listed_) return {};
    const std::vector<Pop3Command> commands{{"UIDL", Pop3Command::Answer::body, max_listing},
                                            {"LIST", Pop3Command::Answer::body, max_listing}};
    std::vector<Pop3Reply> replies;
    const auto asked = session_->ask_all(commands, [&](std::size_t index, Pop3Reply&& reply) -> Result<void> {
        if (!reply.ok) {
            Error error = session_->refused(commands[index].text, reply);
            if (index == 0) error.remedy = "use IMAP: without UIDL no message can be told from another";
            return error;
        }
        replies.push_back(std::move(reply));
        return {};
    });
    if (!asked) return give_up(asked.error());

    std::unordered_map<std::size_t, std::size_t> sizes;
    const auto sized = read_lines(replies[1].body, [&](std::size_t number, std::string_view rest) {
        sizes[number] = take_number(rest).value_or(0);
        return true;
    });
    if (!sized) return give_up(sized.error());
    Listed listed;
    order_.clear();
    const auto named = read_lines(replies[0].body, [&](std::size_t number, std::string_view rest) {
        auto& message = listed[std::string(rest)];
        if (message.numbers.empty()) order_.emplace_back(rest);
        message.numbers.push_back(number);
        message.size = sizes[number];
        return !rest.empty();
    });
    if (!named) return give_up(named.error());
    listed_ = std::move(listed);
    return afterwards_ == Afterwards::keep ? leave_out_kept() : Result<void>();
}

/// TOP where there is one: Dovecot and others mark as seen what is asked for with RETR.
Pop3Command Pop3Mailbox::fetch_command(const Message& message, std::size_t max_bytes) const {
    const std::size_t number = message.numbers.front();
    if (!session_->has("TOP")) return {numbered("RETR", number), Pop3Command::Answer::body, max_bytes};
    // A message has no more lines than bytes: this many give the whole of one that is within the limit.
    constexpr std::size_t most = std::numeric_limits<int>::max();
    const std::size_t lines = message.size <= max_bytes ? message.size : max_bytes / bytes_per_line + 1;
    return {numbered(numbered("TOP", number), std::min(lines, most)), Pop3Command::Answer::body, max_bytes};
}

Result<void> Pop3Mailbox::fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) {
    if (folder_) return folder_->fetch(uids, max_bytes, sink);
    if (auto read = read_listing(); !read) return read;
    std::vector<std::string> asked_for;
    std::vector<Pop3Command> commands;
    for (const auto& uid : uids)
        if (const auto found = listed_->find(uid); found != listed_->end()) {
            asked_for.push_back(uid);
            commands.push_back(fetch_command(found->second, max_bytes));
        }
    const Time now = SystemClock().now();
    auto asked = session_->ask_all(commands, [&](std::size_t index, Pop3Reply&& reply) {
        if (!reply.ok) return Result<void>(); // vanished
        FetchedMessage out;
        out.uid = asked_for[index];
        const std::size_t listed_size = listed_->at(out.uid).size;
        const bool is_whole = reply.body_size <= max_bytes && listed_size <= max_bytes;
        out.size = is_whole ? reply.body_size : std::max(reply.body_size, listed_size);
        out.bytes = std::move(reply.body);
        out.arrived = std::min(stamped_arrival(out.bytes).value_or(now), now);
        sink(std::move(out));
        return Result<void>();
    });
    if (!asked) return give_up(asked.error());
    return {};
}

Result<std::vector<FolderState>> Pop3Mailbox::look(std::span<const FolderPath> folders) {
    return MaildirMailbox(tree_.path()).look(folders);
}

Result<void> Pop3Mailbox::enter(const FolderPath& folder, Access access) {
    assert(access_ && (access == Access::examine || *access_ == Access::change));
    if (folder.empty()) {
        folder_.reset();
        return {};
    }
    if (!folder_) {
        folder_.emplace(tree_.path());
        if (auto opened = folder_->open(*access_); !opened) {
            folder_.reset();
            return opened;
        }
    }
    return folder_->enter(folder, access);
}

Result<Wake> Pop3Mailbox::wait(Duration timeout, int stop_fd) {
    assert(access_);
    folder_.reset();
    if (auto ended = quit(); !ended) return ended.error();
    const Ready ready = wait_for(-1, 0, from_now(std::max(timeout, login_delay_)), stop_fd);
    return ready == Ready::stopped ? Wake::stopped : Wake::timeout;
}

} // namespace nixie

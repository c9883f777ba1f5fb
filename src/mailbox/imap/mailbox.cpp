#include "mailbox/imap/mailbox.hpp"

#include <algorithm>
#include <cassert>
#include <optional>
#include <utility>

#include "mailbox/imap/append.hpp"
#include "mailbox/imap/fetch.hpp"
#include "mailbox/imap/filing.hpp"
#include "mailbox/imap/folders.hpp"
#include "mailbox/imap/inspection.hpp"
#include "mailbox/imap/introduction.hpp"
#include "mailbox/imap/names.hpp"
#include "mailbox/imap/select.hpp"
#include "mailbox/imap/status.hpp"
#include "mailbox/imap/trial.hpp"
#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

/// RFC 2177 asks for less than 29 minutes; many a router forgets a silent connection after ten.
constexpr Duration idle_renewal = std::chrono::minutes(9);
/// Between two NOOPs where there is no IDLE.
constexpr Duration poll_interval = std::chrono::seconds(30);
/// Messages that are marked deleted are on their way out.
constexpr std::string_view to_be_listed = "UNDELETED";
/// Messages at once; fewer are not worth the round trip that COMPRESS costs.
constexpr std::size_t worth_compressing = 10;

} // namespace

struct ImapMailbox::Open {
    Open(std::unique_ptr<ImapStream> stream, Access how, const ImapLog& log)
        : access(how), session(std::move(stream), log), folders(session, log) {}

    Access access;
    ImapSession session;
    ImapFolders folders;
    SelectedFolder selected; ///< without a name while none is
    Access selected_for = Access::examine;
    std::unique_ptr<ImapFiling> filing;         ///< from `selected`
    std::optional<std::vector<ImapUid>> listed; ///< what the next command, if that is list(), would find
    std::string server;
};

ImapMailbox::ImapMailbox(const Endpoint& endpoint, std::string inbox, ImapLog log)
    : ImapMailbox(connector_to(endpoint), endpoint.url, std::move(inbox), std::move(log)) {}

ImapMailbox::ImapMailbox(ImapConnector connect, std::string where, std::string inbox, ImapLog log)
    : connect_(std::move(connect)), where_(std::move(where)), inbox_(std::move(inbox)), log_(std::move(log)) {
    if (!log_) log_ = [](std::string_view) {};
}

ImapMailbox::~ImapMailbox() = default;

Result<void> ImapMailbox::open(Access access) {
    if (auto closed = close(); !closed) return closed;
    auto stream = connect_();
    if (!stream) return located(stream.error());
    open_ = std::make_unique<Open>(std::move(*stream), access, log_);
    auto introduction = introduce(open_->session, open_->folders, inbox_, access);
    if (!introduction) {
        const Error error = located(introduction.error());
        open_.reset();
        return error;
    }
    open_->server = std::move(introduction->server);
    settle(*open_, std::move(introduction->inbox), access);
    return {};
}

Result<void> ImapMailbox::select(Open& open, const std::string& name, Access access) const {
    open.listed.reset();
    open.selected = {}; // a refused SELECT leaves nothing selected (RFC 3501 section 6.3.1)
    auto folder = select_folder(open.session, name, access);
    if (!folder) return folder.error();
    settle(open, std::move(*folder), access);
    return {};
}

void ImapMailbox::settle(Open& open, SelectedFolder folder, Access access) const {
    if (!folder.lasting)
        log_("the server keeps no lasting UIDs in " + folder.name + ": each session reads anew what is there");
    open.selected = folder;
    open.selected_for = access;
    open.filing = std::make_unique<ImapFiling>(open.session, open.folders, std::move(folder), log_);
}

Result<void> ImapMailbox::ready() {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    open_->listed.reset();
    if (open_->selected.name.empty()) return located({ErrorCode::refused, "no folder is open"});
    return {};
}

Result<void> ImapMailbox::enter(const FolderPath& folder, Access access) {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    assert(access == Access::examine || open_->access == Access::change);
    const std::string name = folder.empty() ? open_->folders.name_as_given(inbox_) : open_->folders.name(folder);
    if (open_->selected.name == name && (access == Access::examine || open_->selected_for == access)) return {};
    auto entered = select(*open_, name, access);
    if (entered) return {};
    Error error = entered.error();
    // Without its inbox a mailbox is of no use; any other folder is just not to be had.
    if (!folder.empty() && !open_->session.broken() && !is_refusal(error.code)) error.code = ErrorCode::refused;
    return located(std::move(error));
}

Result<std::vector<FolderState>> ImapMailbox::look(std::span<const FolderPath> folders) {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    AskedAlong along;
    // Who looks at all folders lists the open one next.
    if (!open_->selected.name.empty()) along.search.emplace(open_->session, to_be_listed);
    auto states = look_at_folders(open_->session, open_->folders, folders, along);
    if (!states) return located(states.error());
    if (along.search) open_->listed = std::move(along.found);
    return states;
}

Result<MailboxInfo> ImapMailbox::inspect() {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    const auto folders = open_->folders.list();
    if (!folders) return located(folders.error());
    const auto& space = open_->folders.space();
    MailboxInfo info;
    info.server = open_->server;
    info.capabilities.assign(open_->session.capabilities().begin(), open_->session.capabilities().end());
    info.prefix = space.prefix;
    info.separator = space.separator;
    info.filing = describe(move_method(open_->session));
    info.messages = static_cast<std::size_t>(open_->session.exists());
    std::vector<std::string> asked{open_->folders.name_as_given(inbox_)};
    asked.insert(asked.end(), folders->begin(), folders->end());
    if (auto told = inspect_account(open_->session, asked, info); !told) return located(told.error());
    const auto shown = [&](const std::string& name) { return show_folder(name, space.separator, space.encoding); };
    for (const auto& name : *folders) info.folders.push_back(shown(name));
    std::map<std::string, std::string> rights;
    for (auto& [name, letters] : info.rights) rights[shown(name)] = std::move(letters);
    info.rights = std::move(rights);
    return info;
}

Result<FilingTrial> ImapMailbox::try_out(const FolderPath& root, const Clock& clock) {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    open_->selected = {};
    ImapTrial doing(open_->session, open_->folders, root, clock, log_);
    FilingTrial trial = doing.run();
    const auto cleared = remove_made(std::vector(doing.made()));
    trial.steps.push_back({"clear up", cleared ? std::nullopt : std::optional(cleared.error())});
    // What is known of folders no longer holds.
    if (auto again = open(Access::change); !again) return again.error();
    return trial;
}

/// A connection that was lost is opened again: nothing of a trial may stay.
Result<void> ImapMailbox::remove_made(const std::vector<std::string>& names) {
    Result<void> removed;
    for (int tries = 0; tries < 2; ++tries) {
        if (!open_ || open_->session.broken())
            if (auto again = open(Access::change); !again) return again;
        removed = remove_folders(open_->session, open_->folders.name_as_given(inbox_), names);
        if (removed || !open_->session.broken()) break;
    }
    return removed;
}

Result<Listing> ImapMailbox::list() {
    auto listed = open_ ? std::exchange(open_->listed, {}) : std::nullopt;
    return listed ? listing_of(*listed) : list(to_be_listed);
}

Result<Listing> ImapMailbox::list_from(const std::string& next) {
    const auto first = read_uid(next);
    if (!first) return list();
    // "n:*" also names the last message where its UID is smaller (RFC 3501 section 6.4.8).
    auto listing = list("UID " + next + ":* UNDELETED");
    if (listing) std::erase_if(listing->uids, [&](const auto& uid) { return read_uid(uid).value_or(0) < *first; });
    return listing;
}

Result<Listing> ImapMailbox::list(std::string_view criteria) {
    if (auto in = ready(); !in) return in.error();
    const auto uids = search_anew(open_->session, criteria);
    if (!uids) return located(uids.error());
    return listing_of(*uids);
}

Listing ImapMailbox::listing_of(std::span<const ImapUid> uids) const {
    Listing listing{open_->selected.validity, {}};
    listing.uids.reserve(uids.size());
    for (const ImapUid uid : uids) listing.uids.push_back(std::to_string(uid));
    return listing;
}

Result<void> ImapMailbox::fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) {
    if (auto in = ready(); !in) return in;
    if (compression_ && uids.size() >= worth_compressing)
        if (auto compressed = open_->session.compress(); !compressed) return located(compressed.error());
    auto fetched = fetch_messages(open_->session, read_uids(uids), max_bytes, sink, log_);
    return fetched ? fetched : Result<void>(located(fetched.error()));
}

Result<void> ImapMailbox::fetch_all(const Chunks& chunks, std::size_t max_bytes, const Sink& sink) {
    if (auto in = ready(); !in) return in;
    if (compression_ && open_->session.exists() >= worth_compressing)
        if (auto compressed = open_->session.compress(); !compressed) return located(compressed.error());
    auto fetched = fetch_messages(open_->session, chunks, max_bytes, sink, log_);
    return fetched ? fetched : Result<void>(located(fetched.error()));
}

Result<Filed> ImapMailbox::file(const Filing& filing) {
    if (auto in = ready_to_file(); !in) return in.error();
    auto filed = open_->filing->file(filing);
    return filed ? filed : Result<Filed>(located(filed.error()));
}

Result<void> ImapMailbox::file_all(std::span<const Filing> filings, const Outcome& outcome) {
    if (auto in = ready_to_file(); !in) return in;
    if (move_method(open_->session) != MoveMethod::move) return Mailbox::file_all(filings, outcome);
    const auto told = [&](const Filing& filing, const Result<Filed>& filed) {
        outcome(filing, filed ? filed : Result<Filed>(located(filed.error())));
    };
    auto filed = open_->filing->file_all(filings, told);
    return filed ? filed : Result<void>(located(filed.error()));
}

/// One that takes no new keywords may yet have been given ours; then each is looked at by itself.
bool ImapMailbox::keeps_keywords() const {
    if (!open_) return false;
    const SelectedFolder& folder = open_->selected;
    return folder.keeps_new_keywords() || folder.flags.find(" nixie-") != std::string::npos;
}

Result<void> ImapMailbox::ready_to_file() {
    if (auto in = ready(); !in) return in;
    if (open_->selected_for == Access::examine)
        return located({ErrorCode::usage, "messages cannot be filed: the mailbox is open for reading only"});
    return {};
}

Result<void> ImapMailbox::put(const FolderPath& folder, const NewMessage& message) {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    return back_from(append(folder, message));
}

Result<void> ImapMailbox::take_back(const FolderPath& folder, const std::string& id) {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    return back_from(remove(folder, id));
}

Result<void> ImapMailbox::back_from(const Result<void>& done) {
    if (!done && open_->session.broken()) return located(done.error());
    if (auto back = enter({}, open_->access); !back) return back;
    return done ? done : Result<void>(located(done.error()));
}

Result<void> ImapMailbox::remove(const FolderPath& folder, const std::string& id) {
    assert(open_->access == Access::change);
    if (auto entered = select(*open_, open_->folders.name(folder), Access::change); !entered)
        return is_refusal(entered.error().code) ? Result<void>{} : entered; // no folder, nothing in it
    const auto known = search(open_->session, "HEADER Message-ID " + quote(id));
    if (!known) return known.error();
    return known->empty() ? Result<void>{} : open_->filing->remove(*known);
}

Result<void> ImapMailbox::append(const FolderPath& folder, const NewMessage& message) {
    assert(open_->access == Access::change);
    ImapSession& session = open_->session;
    if (auto there = open_->folders.ensure(folder); !there) return there.error();
    const std::string name = open_->folders.name(folder);
    if (auto entered = select(*open_, name, Access::examine); !entered) return entered;
    const auto known = search(session, "HEADER Message-ID " + quote(message.id));
    if (!known) return known.error();
    return known->empty() ? append_message(session, name, message.bytes, "", message.arrived) : Result<void>{};
}

/// Every change was confirmed when it was made.
Result<void> ImapMailbox::close() {
    if (open_) open_->session.log_out();
    open_.reset();
    return {};
}

Result<Wake> ImapMailbox::wait(Duration timeout, int stop_fd) {
    if (!open_) return located({ErrorCode::unavailable, "not connected"});
    if (auto in = enter({}, open_->access); !in) return in.error();
    open_->listed.reset();
    const Duration slice = open_->session.offers("IDLE") ? idle_renewal : poll_interval;
    for (Duration left = timeout;; left -= slice) {
        if (wait_for(-1, 0, from_now(Duration::zero()), stop_fd) == Ready::stopped) return Wake::stopped;
        if (open_->session.arrivals()) return Wake::changed;
        if (left <= Duration::zero()) return Wake::timeout;
        if (auto heard = listen(std::min(left, slice), stop_fd); !heard) return located(heard.error());
    }
}

Result<void> ImapMailbox::listen(Duration timeout, int stop_fd) {
    ImapSession& session = open_->session;
    if (session.offers("IDLE")) return session.idle(timeout, stop_fd);
    if (auto heard = session.listen(timeout, stop_fd); !heard) return heard;
    if (auto asked = session.require(ImapCommand("NOOP")); !asked) return asked.error();
    return {};
}

Error ImapMailbox::located(Error error) {
    if (error.where.empty()) error.where = where_;
    if (open_ && open_->session.broken()) open_.reset();
    return error;
}

} // namespace nixie

#include "mailbox/imap/fetch.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <deque>
#include <functional>
#include <set>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "mailbox/imap/refusal.hpp"

namespace nixie {
namespace {

/// What RFC822.SIZE says counts only where it can be true: Exchange estimates it, others leave it out. A message that
/// fills the limit with no credible size is taken for cut.
std::size_t credible_size(std::size_t received, std::size_t limit, std::optional<std::uint64_t> claimed) {
    if (received != limit) return received;
    return claimed && *claimed >= received ? static_cast<std::size_t>(*claimed) : received + 1;
}

ImapCommand fetch_command(const UidSet& set, std::size_t max_bytes) {
    ImapCommand command("UID FETCH ");
    command.text(set.text).text(" (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0." + std::to_string(max_bytes) + ">)");
    return command;
}

/// The server works on one while others are on their way to it, also where that takes as long as the work.
constexpr std::size_t fetches_at_once = 4;
constexpr std::size_t fetches_alone_at_once = 8;

/// One round of commands, and the messages that are still missing.
class Round {
  public:
    using NextSet = std::function<std::optional<UidSet>()>;

    Round(ImapSession& session, std::size_t max_bytes, const Mailbox::Sink& sink)
        : session_(session), max_bytes_(max_bytes), sink_(sink) {}

    /// The UIDs of the commands refused that did not come all the same, and the first refusal.
    struct Refused {
        std::vector<ImapUid> uids;
        std::optional<Error> error;
    };

    Result<Refused> run(std::size_t at_once, const NextSet& next) {
        Refused refused;
        std::deque<UidSet> sets; // of the commands whose answer is still to come, and of a few behind them
        std::size_t first = 0;
        const auto next_command = [&]() -> std::optional<ImapCommand> {
            auto set = next();
            if (!set) return std::nullopt;
            asked_ += set->uids.size();
            missing_.insert(set->uids.begin(), set->uids.end());
            sets.push_back(std::move(*set));
            return fetch_command(sets.back(), max_bytes_);
        };
        const auto answered = [&](std::size_t index, ImapResponse&& answer) {
            UidSet& set = sets[index - first];
            if (answer.name != "OK") {
                if (!refused.error) refused.error = refusal(fetch_command(set, max_bytes_), answer);
                for (const ImapUid uid : set.uids)
                    if (missing_.contains(uid)) refused.uids.push_back(uid);
            }
            set.text.clear();
            for (; !sets.empty() && sets.front().text.empty(); ++first) sets.pop_front();
        };
        const auto done = session_.run_stream(at_once, next_command, answered,
                                              [this](ImapResponse& response) { return take(response); });
        if (!done) return done.error();
        return refused;
    }

    [[nodiscard]] bool got_nothing() const { return missing_.size() == asked_; }
    /// Begins anew.
    void forget() {
        missing_.clear();
        asked_ = 0;
    }

  private:
    Result<void> take(ImapResponse& response) {
        auto message = read_message(response, max_bytes_);
        if (!message) return {};
        const auto uid = read_uid(message->uid);
        // Not asked for, or a second time: some other client's flag change repeated with its body.
        if (!uid || missing_.erase(*uid) == 0) return {};
        sink_(std::move(*message));
        return {};
    }

    ImapSession& session_;
    std::size_t max_bytes_;
    const Mailbox::Sink& sink_;
    std::set<ImapUid> missing_;
    std::size_t asked_ = 0;
};

void add_sets(std::deque<UidSet>& sets, std::vector<ImapUid> uids, std::size_t count) {
    for (auto& set : make_sets(std::move(uids), count)) sets.push_back(std::move(set));
}

using MoreSets = std::function<void(std::deque<UidSet>&)>;

/// Hands out one set after the other, and gets more when there is none.
Round::NextSet each_of(std::deque<UidSet>& sets, const MoreSets& more) {
    return [&sets, &more]() -> std::optional<UidSet> {
        if (sets.empty()) more(sets);
        if (sets.empty()) return std::nullopt;
        UidSet set = std::move(sets.front());
        sets.pop_front();
        return set;
    };
}

Result<void> fetch_sets(ImapSession& session, std::deque<UidSet> sets, const MoreSets& more, std::size_t max_bytes,
                        const Mailbox::Sink& sink, const ImapLog& log) {
    assert(max_bytes > 0);
    Round round(session, max_bytes, sink);
    const auto refused = round.run(fetches_at_once, each_of(sets, more));
    if (!refused) return refused.error();
    if (!refused->error || refused->uids.empty()) return {};

    // A server that wants to be left alone is not asked again.
    if (!is_refusal(refused->error->code) || refused->error->wait) return *refused->error;

    // One message that cannot be read must not keep back the others of its batch.
    const bool nothing_came = round.got_nothing();
    round.forget();
    add_sets(sets, refused->uids, 1);
    const MoreSets none = [](std::deque<UidSet>&) {};
    const auto alone = round.run(fetches_alone_at_once, each_of(sets, none));
    if (!alone) return alone.error();
    if (!alone->error || alone->uids.empty()) return {};
    if (nothing_came && round.got_nothing()) return *alone->error;
    log(std::to_string(alone->uids.size()) + " message(s) cannot be fetched, the first is UID " +
        std::to_string(alone->uids.front()) + ": " + alone->error->what);
    return {};
}

} // namespace

const ImapValue* fetch_item(const ImapResponse& response, std::string_view name) {
    if (response.name != "FETCH" || response.values.empty()) return nullptr;
    const auto& items = response.values.front().items;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2)
        if (starts_with_ignoring_case(items[i].text, name)) return &items[i + 1];
    return nullptr;
}

ImapValue* fetch_item(ImapResponse& response, std::string_view name) {
    return const_cast<ImapValue*>(fetch_item(std::as_const(response), name));
}

std::optional<std::uint64_t> fetch_number(const ImapResponse& response, std::string_view name) {
    const ImapValue* const value = fetch_item(response, name);
    if (!value) return std::nullopt;
    std::uint64_t number = 0;
    const char* const end = value->text.data() + value->text.size();
    const auto [stop, error] = std::from_chars(value->text.data(), end, number);
    if (error != std::errc{} || stop != end) return std::nullopt;
    return number;
}

std::optional<FetchedMessage> read_message(ImapResponse& response, std::size_t max_bytes) {
    ImapValue* const body = fetch_item(response, "BODY[]");
    const ImapValue* const uid = fetch_item(response, "UID");
    // NIL is what a message gives that has vanished meanwhile.
    if (!body || !uid || body->kind == ImapValue::Kind::nil) return std::nullopt;
    FetchedMessage message;
    message.uid = uid->text;
    message.bytes = std::move(body->text);
    if (message.bytes.size() > max_bytes) { // a server that does not know partial fetches
        message.size = message.bytes.size();
        message.bytes.resize(max_bytes);
    } else {
        message.size = credible_size(message.bytes.size(), max_bytes, fetch_number(response, "RFC822.SIZE"));
    }
    if (const ImapValue* const date = fetch_item(response, "INTERNALDATE"))
        message.arrived = parse_mail_date(date->text).value_or(Time{});
    return message;
}

Result<void> fetch_messages(ImapSession& session, const Mailbox::Chunks& chunks, std::size_t max_bytes,
                            const Mailbox::Sink& sink, const ImapLog& log) {
    const auto more = [&](std::deque<UidSet>& sets) {
        while (sets.empty()) {
            const auto uids = chunks();
            if (uids.empty()) return;
            add_sets(sets, read_uids(uids), session.at_most(fetch_batch));
        }
    };
    return fetch_sets(session, {}, more, max_bytes, sink, log);
}

Result<void> fetch_messages(ImapSession& session, std::vector<ImapUid> uids, std::size_t max_bytes,
                            const Mailbox::Sink& sink, const ImapLog& log) {
    std::deque<UidSet> sets;
    add_sets(sets, std::move(uids), session.at_most(fetch_batch));
    return fetch_sets(
        session, std::move(sets), [](std::deque<UidSet>&) {}, max_bytes, sink, log);
}

} // namespace nixie

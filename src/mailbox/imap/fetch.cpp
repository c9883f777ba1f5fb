#include "mailbox/imap/fetch.hpp"

#include <algorithm>
#include <cassert>
#include <charconv>
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

/// One round over what is still missing.
class Round {
  public:
    Round(ImapSession& session, std::set<ImapUid>& missing, std::size_t max_bytes, const Mailbox::Sink& sink)
        : session_(session), missing_(missing), max_bytes_(max_bytes), sink_(sink) {}

    /// The UIDs of the commands refused that did not come all the same, and the first refusal.
    struct Refused {
        std::vector<ImapUid> uids;
        std::optional<Error> error;
    };

    Result<Refused> run(const std::vector<UidSet>& sets) {
        std::vector<ImapCommand> commands;
        for (const auto& set : sets) commands.push_back(fetch_command(set, max_bytes_));
        const auto answers = session_.run_all(commands, [this](ImapResponse& response) { return take(response); });
        if (!answers) return answers.error();
        Refused refused;
        for (std::size_t i = 0; i < sets.size(); ++i) {
            if (answers.value()[i].name == "OK") continue;
            if (!refused.error) refused.error = refusal(commands[i], answers.value()[i]);
            for (const ImapUid uid : sets[i].uids)
                if (missing_.contains(uid)) refused.uids.push_back(uid);
        }
        return refused;
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
    std::set<ImapUid>& missing_;
    std::size_t max_bytes_;
    const Mailbox::Sink& sink_;
};

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

Result<void> fetch_messages(ImapSession& session, std::vector<ImapUid> uids, std::size_t max_bytes,
                            const Mailbox::Sink& sink, const ImapLog& log) {
    assert(max_bytes > 0);
    std::set<ImapUid> missing(uids.begin(), uids.end());
    const std::size_t wanted = missing.size();
    Round round(session, missing, max_bytes, sink);
    const auto refused = round.run(make_sets(std::move(uids), session.at_most(fetch_batch)));
    if (!refused) return refused.error();
    if (!refused->error || refused->uids.empty()) return {};

    // A server that wants to be left alone is not asked again.
    if (!is_refusal(refused->error->code) || refused->error->wait) return *refused->error;

    // One message that cannot be read must not keep back the others of its batch.
    const auto alone = round.run(make_sets(refused->uids, 1));
    if (!alone) return alone.error();
    if (!alone->error || alone->uids.empty()) return {};
    if (missing.size() == wanted) return *alone->error;
    log(std::to_string(alone->uids.size()) + " message(s) cannot be fetched, the first is UID " +
        std::to_string(alone->uids.front()) + ": " + alone->error->what);
    return {};
}

} // namespace nixie

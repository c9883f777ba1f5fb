#include "store/events.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "store/bounces.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

/// Invalid UTF-8 is replaced: it must not keep a fact from being recorded.
std::string text_of(const Json& body) { return body.dump(-1, ' ', false, Json::error_handler_t::replace); }

/// Of the event that tells of a change of state; empty for none.
std::string type_of_change(State before, const Decision& decision) {
    const State after = decision.history.state;
    if (after == before) return {};
    if (decision.action == Action::hold) return "recovered";
    if (after == State::suppressed) return "suppressed";
    if (after == State::exhausted) return "exhausted";
    return after == State::clear && decision.action == Action::clear ? "recovered" : "";
}

std::vector<std::string> types_of(Kind kind, State before, const Decision& decision) {
    std::vector<std::string> types;
    if (kind == Kind::bounce) types.emplace_back("bounce");
    if (kind == Kind::complaint) types.emplace_back("complaint");
    if (auto change = type_of_change(before, decision); !change.empty()) types.push_back(std::move(change));
    return types;
}

std::vector<std::string> types_of_correction(State before, State after) {
    std::vector<std::string> types{"corrected"};
    const bool was_given_up = before == State::suppressed || before == State::exhausted;
    if (after == before) return types;
    if (after == State::suppressed) types.emplace_back("suppressed");
    if (after == State::exhausted) types.emplace_back("exhausted");
    if (was_given_up && after != State::suppressed && after != State::exhausted) types.emplace_back("recovered");
    return types;
}

/// Half of a digest is enough to tell messages apart.
constexpr std::size_t digest_part = 32;

/// A key begins with its time: so those of a day lie together in the index that a large journal has of them, and a batch changes
/// few of its pages.
template <class... Parts>
std::string key_at(Time at, const Parts&... parts) {
    std::string key = format_time(at);
    (key.append("/").append(parts), ...);
    return key;
}

/// The content names a message for ever, a uid only as long as UIDVALIDITY stays.
std::string key_of(const MessageRecord& message, const BounceRecord& bounce, const std::string& type) {
    const std::string identity = message.sha256.empty() ? fmt::format("{}:{}", message.key.validity, message.key.uid)
                                                        : message.sha256.substr(0, digest_part);
    return key_at(message.arrived, message.key.mailbox, identity, to_lower(bounce.address), type);
}

NewEvent event_of(Json& body, const std::string& type, const std::string& key) {
    body["event"] = type;
    body["key"] = key;
    return {key, type, text_of(body)};
}

/// All but the event's own type and key.
Json facts(const MessageRecord& message, const BounceRecord& bounce, Kind kind, const Decision& decision) {
    Json body{
        {"event", ""}, {"key", ""}, {"address", bounce.told_address.empty() ? bounce.address : bounce.told_address}};
    if (kind == Kind::bounce) {
        body["reason"] = name(bounce.reason);
        body["category"] = name(bounce.category);
        body["type"] = name(bounce.type);
        body["status"] = bounce.status;
        body["smtp_code"] = bounce.smtp_code;
        body["diagnostic"] = bounce.diagnostic;
    }
    if (kind == Kind::complaint) body["feedback_type"] = message.feedback_type;
    body["original_message_id"] = message.original_message_id;
    if (!message.original_envelope_id.empty()) body["original_envelope_id"] = message.original_envelope_id;
    body["campaign"] = message.campaign;
    body["mailbox"] = message.key.mailbox;
    body["arrived"] = format_time(message.arrived);
    body["state"] = name(decision.history.state);
    if (decision.history.state == State::waiting) body["due_at"] = format_time(decision.history.due_at);
    body["decision"] = name(decision.action);
    body["cause"] = decision.cause;
    return body;
}

} // namespace

std::vector<NewEvent> events_of(const MessageRecord& message, const BounceRecord& bounce, Kind kind, State before,
                                const Decision& decision) {
    const auto types = types_of(kind, before, decision);
    if (types.empty()) return {};
    auto body = facts(message, bounce, kind, decision);
    std::vector<NewEvent> events;
    for (const auto& type : types) events.push_back(event_of(body, type, key_of(message, bounce, type)));
    return events;
}

std::vector<NewEvent> events_of_correction(const MessageRecord& message, const BounceRecord& bounce, State before,
                                           const Decision& last, Time now) {
    auto body = facts(message, bounce, kind_of_part(message.kind, bounce.action), last);
    body["kind"] = name(message.kind);
    std::vector<NewEvent> events;
    // One message may be corrected many times, but once at a time.
    for (const auto& type : types_of_correction(before, last.history.state))
        events.push_back(event_of(body, type, fmt::format("{}/{}", key_of(message, bounce, type), to_unix(now))));
    return events;
}

std::vector<NewEvent> events_without_report(const std::string& address, State before, const Decision& decision, Time at,
                                            std::int64_t number) {
    const auto type = type_of_change(before, decision);
    if (type.empty()) return {};
    const auto key = key_at(at, to_lower(address), type, std::to_string(number));
    const Json body{{"event", type},
                    {"key", key},
                    {"address", address},
                    {"at", format_time(at)},
                    {"state", name(decision.history.state)},
                    {"decision", name(decision.action)},
                    {"cause", decision.cause}};
    return {{key, type, text_of(body)}};
}

NewEvent due_event(const DueRecipient& recipient, Tries tries, const std::string& cause) {
    const std::string type = tries == Tries::made ? "try" : "due";
    const auto key = key_at(recipient.due_at, to_lower(recipient.address), type);
    Json body{{"event", type},
              {"key", key},
              {"address", recipient.address},
              {"due_at", format_time(recipient.due_at)},
              {"window", recipient.length},
              {"soft_bounces", recipient.soft_bounces},
              {"reason", name(recipient.reason)},
              {"category", name(recipient.category)},
              {"diagnostic", recipient.diagnostic},
              {"original_message_id", recipient.original_message_id},
              {"campaign", recipient.campaign},
              {"mailbox", recipient.mailbox},
              {"state", name(State::due)}};
    if (!cause.empty()) body["cause"] = cause;
    return {key, type, text_of(body)};
}

EventQueue::EventQueue(SQLite::Database& db, Events events, Time now)
    : events_(events), now_(now), insert_(db, R"sql(
          INSERT INTO outbox (key, recipient, type, body, ready_at) VALUES (?, nullif(?, 0), ?, ?, ?)
          ON CONFLICT (key) DO NOTHING)sql") {}

void EventQueue::add(const NewEvent& event, std::int64_t recipient) {
    if (wanted()) run(insert_, event.key, recipient, event.type, event.body, to_unix(now_));
}

} // namespace nixie

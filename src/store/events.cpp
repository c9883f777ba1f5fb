#include "store/events.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "store/bounces.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

std::vector<std::string> types_of(Kind kind, State before, State after) {
    std::vector<std::string> types;
    if (kind == Kind::bounce) types.emplace_back("bounce");
    if (kind == Kind::complaint) types.emplace_back("complaint");
    if (after == before) return types;
    if (after == State::suppressed) types.emplace_back("suppressed");
    if (after == State::exhausted) types.emplace_back("exhausted");
    if (after == State::clear && kind == Kind::delivered) types.emplace_back("recovered");
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

/// The content names a message for ever, a uid only as long as UIDVALIDITY stays.
std::string key_of(const MessageRecord& message, const BounceRecord& bounce, const std::string& type) {
    const std::string identity =
        message.sha256.empty() ? fmt::format("{}:{}", message.key.validity, message.key.uid) : message.sha256;
    return fmt::format("{}/{}/{}/{}", message.key.mailbox, identity, to_lower(bounce.address), type);
}

NewEvent event_of(nlohmann::ordered_json& body, const std::string& type, const std::string& key) {
    body["event"] = type;
    body["key"] = key;
    // Invalid UTF-8 is replaced: it must not keep a message from being recorded.
    return {key, type, body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
}

/// All but the event's own type and key.
nlohmann::ordered_json facts(const MessageRecord& message, const BounceRecord& bounce, Kind kind,
                             const Decision& decision) {
    nlohmann::ordered_json body{{"event", ""}, {"key", ""}, {"address", bounce.address}};
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
    const auto types = types_of(kind, before, decision.history.state);
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

} // namespace nixie

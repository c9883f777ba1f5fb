#include "store/events.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"

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
    // The content names a message for ever, a uid only as long as UIDVALIDITY stays.
    const std::string identity =
        message.sha256.empty() ? fmt::format("{}:{}", message.key.validity, message.key.uid) : message.sha256;
    std::vector<NewEvent> events;
    for (const auto& type : types) {
        const auto key = fmt::format("{}/{}/{}/{}", message.key.mailbox, identity, to_lower(bounce.address), type);
        body["event"] = type;
        body["key"] = key;
        events.push_back({key, type,
                          // Invalid UTF-8 is replaced: it must not keep a message from being recorded.
                          body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)});
    }
    return events;
}

} // namespace nixie

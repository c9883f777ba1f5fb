#include "report/recipient.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "nixie/typo.hpp"
#include "report/figures.hpp"
#include "report/table.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

/// From the latest bounce that allows one; mostly empty.
std::string likely_meant(const RecipientDetail& recipient) {
    for (const auto& event : recipient.events)
        if (auto meant = suggest_address(recipient.address, event.bounce.reason); !meant.empty()) return meant;
    return {};
}

/// The decision's cause, and before it that the verdict is a person's.
std::string cause_text(const BounceEvent& event) {
    if (event.moved_from.empty()) return event.cause;
    return fmt::format("moved by a person from {} to {}: {}", event.moved_from, event.folder, event.cause);
}

} // namespace

std::string recipient_text(const RecipientDetail& recipient, const RetryPolicy& policy, Time now) {
    const History& history = recipient.history;
    const State state = state_at(history, policy, now);
    std::string out = fmt::format("{}: {}", printable(recipient.address), name(state));
    if (state == State::waiting) out += fmt::format(", due {}", zoned_time(history.due_at));
    if (state == State::due) out += fmt::format(" since {}", zoned_time(history.due_at));
    out += fmt::format("\nsoft bounces {} since last clear, hard {}, blocked {}\n\n", history.soft_bounces,
                       history.hard_bounces, history.blocked_bounces);
    if (const auto meant = likely_meant(recipient); !meant.empty()) out += printable(meant) + " may be meant\n\n";
    Table table({{"ARRIVED"}, {"KIND"}, {"TYPE"}, {"REASON"}, {"STATUS"}, {"DECISION"}, {"CAUSE"}, {"DIAGNOSTIC"}});
    for (const auto& event : recipient.events)
        table.add({zoned_time(event.arrived), std::string(name(event.kind)), std::string(name(event.bounce.type)),
                   std::string(name(event.bounce.reason)), event.bounce.status, std::string(name(event.decision)),
                   cause_text(event), std::string(clip(event.bounce.diagnostic, 80))});
    out += table.text();
    if (recipient.interventions.empty()) return out;
    Table done({{"DONE AT"}, {"COMMAND"}, {"CAUSE"}});
    for (const auto& one : recipient.interventions) done.add({zoned_time(one.at), one.command, one.cause});
    return out + "\n" + done.text();
}

std::string recipient_json(const RecipientDetail& recipient, const RetryPolicy& policy, Time now) {
    const History& history = recipient.history;
    Json out;
    const State state = state_at(history, policy, now);
    out["address"] = recipient.address;
    out["state"] = name(state);
    if (state == State::waiting || state == State::due) out["due_at"] = format_time(history.due_at);
    out["soft_bounces"] = history.soft_bounces;
    out["hard_bounces"] = history.hard_bounces;
    out["blocked_bounces"] = history.blocked_bounces;
    out["complaints"] = history.complaints;
    if (state == State::suppressed) out["ground"] = name(history.ground);
    if (const auto meant = likely_meant(recipient); !meant.empty()) out["suggestion"] = meant;
    Json events = Json::array();
    for (const auto& event : recipient.events) {
        events.push_back({{"arrived", format_time(event.arrived)},
                          {"kind", name(event.kind)},
                          {"type", name(event.bounce.type)},
                          {"category", name(event.bounce.category)},
                          {"reason", name(event.bounce.reason)},
                          {"status", event.bounce.status},
                          {"smtp_code", event.bounce.smtp_code},
                          {"diagnostic", event.bounce.diagnostic},
                          {"rule", event.bounce.rule},
                          {"decision", name(event.decision)},
                          {"cause", event.cause},
                          {"mailbox", event.mailbox},
                          {"folder", event.folder},
                          {"original_message_id", event.original_message_id},
                          {"campaign", event.campaign}});
        if (!event.original_envelope_id.empty()) events.back()["original_envelope_id"] = event.original_envelope_id;
        if (!event.moved_from.empty()) events.back()["corrected_from"] = event.moved_from;
        if (event.set_aside) events.back()["counts"] = false;
    }
    out["events"] = std::move(events);
    Json interventions = Json::array();
    for (const auto& one : recipient.interventions)
        interventions.push_back({{"at", format_time(one.at)}, {"command", one.command}, {"cause", one.cause}});
    out["interventions"] = std::move(interventions);
    return out.dump() + "\n";
}

} // namespace nixie

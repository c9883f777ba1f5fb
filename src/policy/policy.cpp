#include <algorithm>
#include <utility>

#include "nixie/retry_clock.hpp"
#include "policy/thresholds.hpp"

namespace nixie {
namespace {

/// A suppression that a complaint or a person caused is not weakened to a hard bounce's.
Decision suppress(History history, Trigger trigger, Ground ground, std::string cause) {
    const bool stays = history.state == State::suppressed && history.ground > ground;
    history.state = *next_state(history.state, trigger);
    if (!stays) history.ground = ground;
    return {Action::suppress, std::move(cause), std::move(history)};
}

/// Keeps what is counted "ever".
void make_clear(History& history) {
    history.state = State::clear;
    history.ground = Ground::none;
    history.window = 0;
    history.due_at = Time{};
    history.soft_bounces = 0;
}

std::string_view what_it_was(Kind kind) {
    if (kind == Kind::delivered) return "delivered";
    return kind == Kind::auto_reply ? "auto-reply from the address" : "mail from the address";
}

Decision succeeded(const Incident& incident, History history) {
    const std::string what(what_it_was(incident.kind));
    history.last_success = std::max(history.last_success, incident.arrived);
    if (incident.arrived < history.last_bounce)
        return {Action::none, what + ", but a newer report is known", std::move(history)};
    const bool was_suppressed = history.state == State::suppressed;
    // A complaint or a person suppressed the address, and that it works is no news to them.
    if (was_suppressed && history.ground != Ground::hard_bounce)
        return {Action::none, what + ", but the address is suppressed for another cause than a hard bounce",
                std::move(history)};
    make_clear(history);
    history.strikes.clear();
    history.last_bounce = incident.arrived;
    return {Action::clear,
            what + (was_suppressed ? ": the address works after all, in spite of an earlier hard bounce"
                                   : ": the address works"),
            std::move(history)};
}

Decision exhaust(State from, Trigger trigger, History history, std::string cause) {
    history.state = *next_state(from, trigger);
    return {Action::exhaust, std::move(cause), std::move(history)};
}

/// A soft bounce in order of time, counted already, of an address that is in `state`.
Decision on_the_clock(State state, const Incident& incident, History history, const RetryPolicy& policy, Time now) {
    const auto& windows = policy.windows_for(incident.reason, incident.category);
    if (windows.empty()) return {Action::none, "soft bounce; no windows are configured", std::move(history)};
    if (state == State::waiting) return {Action::none, "soft bounce before another try was due", std::move(history)};
    const int window = state == State::clear ? 0 : history.window + 1;
    if (window >= static_cast<int>(windows.size()))
        return exhaust(state, Trigger::soft_after_last, std::move(history),
                       "soft bounce after the last window: recommended for removal");
    // A try made before its time may bounce before due_at: that must not move it back.
    const Time earliest = state == State::clear ? Time::min() : history.due_at;
    const Duration length = windows[static_cast<std::size_t>(window)];
    history.state = *next_state(state, Trigger::soft);
    history.window = window;
    history.due_at = std::max(incident.arrived + length, earliest);
    if (state_at(history, policy, now) == State::clear)
        return {Action::none, "soft bounce, too long ago for another try", std::move(history)};
    return {Action::retry, "soft bounce: another try is due after " + format_duration(length), std::move(history)};
}

Decision soft(const Incident& incident, History history, const RetryPolicy& policy, Time now) {
    if (incident.arrived < history.last_success)
        return {Action::none, "soft bounce, but the address has worked since", std::move(history)};
    const bool out_of_order = incident.arrived < history.last_bounce;
    const State state = out_of_order ? history.state : state_at(history, policy, incident.arrived);
    if (state == State::clear && !out_of_order) make_clear(history);
    ++history.soft_bounces;
    history.last_bounce = std::max(history.last_bounce, incident.arrived);
    note_strike(history, incident, policy.thresholds);

    if (out_of_order) return {Action::none, "soft bounce, but a newer report is known", std::move(history)};
    if (state == State::suppressed) return {Action::none, "soft bounce of a suppressed address", std::move(history)};
    if (state == State::exhausted) return {Action::none, "soft bounce of an exhausted address", std::move(history)};
    if (const auto count = count_strikes(history, incident, policy.thresholds); count.reached())
        return exhaust(state, Trigger::soft_days, std::move(history),
                       "soft bounces on " + std::to_string(count.days) + " days within " +
                           format_duration(count.threshold.within) + ": recommended for removal");
    return on_the_clock(state, incident, std::move(history), policy, now);
}

Decision hard(const Incident& incident, History history, const RetryPolicy& policy) {
    ++history.hard_bounces;
    history.last_bounce = std::max(history.last_bounce, incident.arrived);
    if (incident.arrived < history.last_success)
        return {Action::none, "hard bounce, but the address has worked since", std::move(history)};
    note_strike(history, incident, policy.thresholds);
    const auto count = count_strikes(history, incident, policy.thresholds);
    if (count.reached())
        return suppress(std::move(history), Trigger::hard, Ground::hard_bounce,
                        count.threshold.days == 1
                            ? "hard bounce: the address is dead"
                            : "hard bounces on " + std::to_string(count.days) + " days: the address is dead");
    if (count.threshold.days == 0)
        return {Action::none, "hard bounce; none suppresses by the configuration", std::move(history)};
    return {Action::none,
            "hard bounce on day " + std::to_string(count.days) + " of the " + std::to_string(count.threshold.days) +
                " that suppress",
            std::move(history)};
}

Decision bounced(const Incident& incident, History history, const RetryPolicy& policy, Time now) {
    if (incident.type == BounceType::soft) return soft(incident, std::move(history), policy, now);
    if (incident.type == BounceType::hard) return hard(incident, std::move(history), policy);
    history.last_bounce = std::max(history.last_bounce, incident.arrived);
    ++history.blocked_bounces;
    return {Action::none, "blocked: says nothing about the address", std::move(history)};
}

/// A clock that was once ahead has left times in the future, and every report of today would be older than those.
History without_future(History history, const RetryPolicy& policy, Time now) {
    history.last_bounce = std::min(history.last_bounce, now);
    history.last_success = std::min(history.last_success, now);
    history.due_at = std::min(history.due_at, now + policy.longest_window());
    std::erase_if(history.strikes, [today = day_of(now)](const Strike& strike) { return strike.day > today; });
    return history;
}

} // namespace

Decision decide(const Incident& reported, const History& known, const RetryPolicy& policy, Time now) {
    Incident incident = reported;
    incident.arrived = std::min(incident.arrived, now);
    const bool is_answer = incident.kind == Kind::auto_reply || incident.kind == Kind::other;
    if (incident.kind == Kind::delivered || (is_answer && policy.thresholds.replies_clear))
        return succeeded(incident, without_future(known, policy, now));
    switch (incident.kind) {
        case Kind::bounce:
            return bounced(incident, without_future(known, policy, now), policy, now);
        case Kind::complaint: {
            History history = without_future(known, policy, now);
            ++history.complaints;
            history.last_bounce = std::max(history.last_bounce, incident.arrived);
            return suppress(std::move(history), Trigger::complaint, Ground::complaint,
                            "complaint: the recipient called the message spam");
        }
        case Kind::delayed:
            return {Action::none, "delayed: the mail server still tries", known};
        default:
            return {Action::none, "a report of kind " + std::string(name(incident.kind)) + " changes nothing", known};
    }
}

} // namespace nixie

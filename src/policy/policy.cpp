#include <algorithm>
#include <array>
#include <cassert>
#include <utility>

#include "nixie/decision.hpp"

namespace nixie {
namespace {

struct StateName {
    State state;
    std::string_view name;
};
constexpr std::array<StateName, 6> states{{
    {State::clear, "clear"},
    {State::waiting, "waiting"},
    {State::due, "due"},
    {State::retried, "retried"},
    {State::exhausted, "exhausted"},
    {State::suppressed, "suppressed"},
}};
static_assert(detail::in_order(states, &StateName::state));

constexpr std::array<std::string_view, 5> actions{"none", "retry", "exhaust", "suppress", "clear"};
static_assert(static_cast<std::size_t>(Action::clear) + 1 == actions.size());

Decision suppress(History history, std::string cause) {
    history.state = State::suppressed;
    return {Action::suppress, std::move(cause), history};
}

/// Keeps what is counted "ever".
void make_clear(History& history) {
    history.state = State::clear;
    history.window = 0;
    history.due_at = Time{};
    history.soft_bounces = 0;
}

Decision delivered(const Incident& incident, History history) {
    if (incident.arrived < history.last_bounce)
        return {Action::none, "delivered, but a newer report is known", history};
    // No hard bounce: a complaint or a person suppressed the address, and that it works is no news to them.
    if (history.state == State::suppressed && history.hard_bounces == 0)
        return {Action::none, "delivered, but the address is suppressed for another cause than a hard bounce", history};
    const bool was_suppressed = history.state == State::suppressed;
    make_clear(history);
    history.last_bounce = incident.arrived;
    return {Action::clear,
            was_suppressed ? "delivered: the address works after all, in spite of an earlier hard bounce"
                           : "delivered: the address works",
            history};
}

Decision wait_in(int window, const Incident& incident, History history, const RetryPolicy& policy, Time now) {
    const Duration length = policy.windows[static_cast<std::size_t>(window)];
    // A try made before its time may bounce before due_at: that must not move it back.
    const Time earliest = history.state == State::clear ? Time::min() : history.due_at;
    history.state = State::waiting;
    history.window = window;
    history.due_at = std::max(incident.arrived + length, earliest);
    if (state_at(history, policy, now) == State::clear)
        return {Action::none, "soft bounce, too long ago for another try", history};
    return {Action::retry, "soft bounce: another try is due after " + format_duration(length), history};
}

Decision soft(const Incident& incident, History history, const RetryPolicy& policy, Time now) {
    const bool out_of_order = incident.arrived < history.last_bounce;
    const State state = out_of_order ? history.state : state_at(history, policy, incident.arrived);
    if (state == State::clear && !out_of_order) make_clear(history);
    ++history.soft_bounces;
    history.last_bounce = std::max(history.last_bounce, incident.arrived);

    if (out_of_order) return {Action::none, "soft bounce, but a newer report is known", history};
    if (state == State::suppressed) return {Action::none, "soft bounce of a suppressed address", history};
    if (state == State::exhausted) return {Action::none, "soft bounce of an exhausted address", history};
    if (policy.windows.empty()) return {Action::none, "soft bounce; no windows are configured", history};
    if (state == State::waiting) return {Action::none, "soft bounce before another try was due", history};
    if (state == State::clear) return wait_in(0, incident, history, policy, now);

    assert(state == State::due || state == State::retried);
    const int next = std::max(history.window, 0) + 1;
    if (next < static_cast<int>(policy.windows.size())) return wait_in(next, incident, history, policy, now);
    history.state = State::exhausted;
    return {Action::exhaust, "soft bounce after the last window: recommended for removal", history};
}

Decision bounced(const Incident& incident, History history, const RetryPolicy& policy, Time now) {
    if (incident.type == BounceType::soft) return soft(incident, history, policy, now);
    history.last_bounce = std::max(history.last_bounce, incident.arrived);
    if (incident.type == BounceType::hard) {
        ++history.hard_bounces;
        return suppress(history, "hard bounce: the address is dead");
    }
    ++history.blocked_bounces;
    return {Action::none, "blocked: says nothing about the address", history};
}

} // namespace

std::string_view name(State state) { return states[static_cast<std::size_t>(state)].name; }
std::optional<State> find_state(std::string_view name) { return detail::find(states, &StateName::state, name); }
std::string_view name(Action action) { return actions[static_cast<std::size_t>(action)]; }

State state_at(const History& history, const RetryPolicy& policy, Time now) {
    const State state = history.state == State::due ? State::waiting : history.state;
    if (state != State::waiting && state != State::retried) return state;
    if (now >= history.due_at + policy.settle) return State::clear;
    return state == State::waiting && now >= history.due_at ? State::due : state;
}

Decision decide(const Incident& incident, const History& history, const RetryPolicy& policy, Time now) {
    switch (incident.kind) {
        case Kind::bounce:
            return bounced(incident, history, policy, now);
        case Kind::delivered:
            return delivered(incident, history);
        case Kind::complaint: {
            History after = history;
            after.last_bounce = std::max(after.last_bounce, incident.arrived);
            return suppress(after, "complaint: the recipient called the message spam");
        }
        case Kind::delayed:
            return {Action::none, "delayed: the mail server still tries", history};
        default:
            return {Action::none, "a report of kind " + std::string(name(incident.kind)) + " changes nothing", history};
    }
}

} // namespace nixie

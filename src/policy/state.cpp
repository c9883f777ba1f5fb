// The names of states, actions and commands, and what time and people do to a recipient.
#include <algorithm>
#include <array>
#include <cassert>

#include "nixie/retry_clock.hpp"

namespace nixie {
namespace {

template <class Value>
struct Named {
    Value value;
    std::string_view name;
};
constexpr std::array<Named<State>, 6> states{{
    {State::clear, "clear"},
    {State::waiting, "waiting"},
    {State::due, "due"},
    {State::retried, "retried"},
    {State::exhausted, "exhausted"},
    {State::suppressed, "suppressed"},
}};
constexpr std::array<Named<Action>, 6> actions{{
    {Action::none, "none"},
    {Action::retry, "retry"},
    {Action::exhaust, "exhaust"},
    {Action::suppress, "suppress"},
    {Action::clear, "clear"},
    {Action::hold, "hold"},
}};
constexpr std::array<Named<Ground>, 4> grounds{{
    {Ground::none, ""},
    {Ground::hard_bounce, "hard-bounce"},
    {Ground::complaint, "complaint"},
    {Ground::person, "person"},
}};
constexpr std::array<Named<Order>, 3> orders{{
    {Order::tried, "tried"},
    {Order::suppress, "suppress"},
    {Order::clear, "clear"},
}};
static_assert(detail::in_order(states, &Named<State>::value));
static_assert(detail::in_order(actions, &Named<Action>::value));
static_assert(detail::in_order(grounds, &Named<Ground>::value));
static_assert(detail::in_order(orders, &Named<Order>::value));

} // namespace

std::string_view name(State state) { return states[static_cast<std::size_t>(state)].name; }
std::optional<State> find_state(std::string_view name) { return detail::find(states, &Named<State>::value, name); }
std::string_view name(Action action) { return actions[static_cast<std::size_t>(action)].name; }
Action find_action(std::string_view name) {
    return detail::find(actions, &Named<Action>::value, name).value_or(Action::none);
}
std::string_view name(Ground ground) { return grounds[static_cast<std::size_t>(ground)].name; }
Ground find_ground(std::string_view name) {
    return detail::find(grounds, &Named<Ground>::value, name).value_or(Ground::none);
}
std::string_view name(Order order) { return orders[static_cast<std::size_t>(order)].name; }
std::optional<Order> find_order(std::string_view name) { return detail::find(orders, &Named<Order>::value, name); }

const std::vector<Duration>& RetryPolicy::windows_for(Reason reason, Category category) const {
    if (const auto own = windows_for_reason.find(reason); own != windows_for_reason.end()) return own->second;
    if (const auto own = windows_for_category.find(category); own != windows_for_category.end()) return own->second;
    return windows;
}

Duration RetryPolicy::longest_window() const {
    Duration longest{};
    const auto look_at = [&](const std::vector<Duration>& some) {
        for (const auto window : some) longest = std::max(longest, window);
    };
    look_at(windows);
    for (const auto& [reason, own] : windows_for_reason) look_at(own);
    for (const auto& [category, own] : windows_for_category) look_at(own);
    return longest;
}

State state_at(const History& history, const RetryPolicy& policy, Time now) {
    State state = history.state == State::due ? State::waiting : history.state;
    const auto pass = [&](Trigger trigger) { state = next_state(state, trigger).value_or(state); };
    if (state == State::waiting && now >= history.due_at) pass(Trigger::window_over);
    const bool clock_runs = state == State::due || state == State::retried;
    if (clock_runs && now >= history.due_at + policy.settle) pass(Trigger::silence);
    return state;
}

Decision carry_out(Order order, const History& before, const RetryPolicy& policy, Time now) {
    History history = before;
    switch (order) {
        case Order::tried: {
            const auto next = next_state(state_at(history, policy, now), Trigger::tried);
            if (!next) return {Action::none, "a try was made, though none was due", history};
            history.state = *next;
            history.due_at = std::max(history.due_at, now);
            return {Action::none, "another try was made", history};
        }
        case Order::suppress:
            history.state = *next_state(history.state, Trigger::suppress);
            history.ground = Ground::person;
            return {Action::suppress, "suppressed by command", history};
        case Order::clear:
            history.state = *next_state(history.state, Trigger::clear);
            history.ground = Ground::none;
            history.window = 0;
            history.due_at = Time{};
            history.soft_bounces = 0;
            history.strikes.clear();
            history.last_success = std::max(history.last_success, now);
            return {Action::clear, "cleared by command", history};
    }
    assert(false && "no such order");
    return {Action::none, {}, before};
}

Decision settle(const History& before, const RetryPolicy& policy, Time now) {
    if (before.state == State::clear || state_at(before, policy, now) != State::clear)
        return {Action::none, {}, before};
    History history = before;
    history.state = State::clear;
    history.window = 0;
    history.due_at = Time{};
    history.soft_bounces = 0;
    return {Action::clear,
            before.state == State::retried ? "nothing came back after another try: recovered"
                                           : "nothing more was heard for a long time after a try was due",
            history};
}

} // namespace nixie

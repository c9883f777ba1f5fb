#include <catch2/catch.hpp>

#include "nixie/decision.hpp"

using namespace nixie;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

const Time start = *parse_time("2026-03-01T12:00:00Z");
const RetryPolicy policy; // 1h, 1d, 1w; settles after 1w

Incident soft(Time at) { return {Kind::bounce, BounceType::soft, at}; }
Incident hard(Time at) { return {Kind::bounce, BounceType::hard, at}; }
Incident blocked(Time at) { return {Kind::bounce, BounceType::blocked, at}; }
Incident of_kind(Kind kind, Time at) { return {kind, BounceType::soft, at}; }

Decision on_time(const Incident& incident, const History& history) {
    return decide(incident, history, policy, incident.arrived);
}

/// A recipient who bounced once, softly, at `start`.
History waiting() { return on_time(soft(start), {}).history; }
History in_state(State state) {
    History history = waiting();
    history.state = state;
    history.hard_bounces = state == State::suppressed ? 1 : 0;
    history.ground = state == State::suppressed ? Ground::hard_bounce : Ground::none;
    return history;
}

RetryPolicy without_windows() {
    RetryPolicy none;
    none.windows.clear();
    return none;
}

} // namespace

TEST_CASE("decide: a first soft bounce waits for the first window") {
    const auto decision = on_time(soft(start), {});
    CHECK(decision.action == Action::retry);
    CHECK(decision.history.state == State::waiting);
    CHECK(decision.history.due_at == start + hours(1));
    CHECK(decision.history.soft_bounces == 1);
    CHECK(decision.history.last_bounce == start);
    CHECK_FALSE(decision.cause.empty());
}

TEST_CASE("decide: more soft bounces inside a window are counted and change nothing") {
    const auto decision = on_time(soft(start + hours(1) - seconds(1)), waiting());
    CHECK(decision.action == Action::none);
    CHECK(decision.history.state == State::waiting);
    CHECK(decision.history.window == 0);
    CHECK(decision.history.due_at == start + hours(1));
    CHECK(decision.history.soft_bounces == 2);
}

TEST_CASE("decide: a soft bounce after every try walks through the windows to exhaustion") {
    History history;
    Time at = start;
    for (std::size_t window = 0; window < policy.windows.size(); ++window) {
        const auto decision = on_time(soft(at), history);
        REQUIRE(decision.action == Action::retry);
        REQUIRE(decision.history.window == static_cast<int>(window));
        REQUIRE(decision.history.due_at == at + policy.windows[window]);
        history = decision.history;
        at = history.due_at;
        if (window == 1) history.state = State::retried; // with or without a try of ours
    }
    const auto last = on_time(soft(at), history);
    CHECK(last.action == Action::exhaust);
    CHECK(last.history.state == State::exhausted);
    CHECK(last.history.soft_bounces == 4);
    CHECK(on_time(soft(at + hours(1)), last.history).action == Action::none);
}

TEST_CASE("decide: a retry's bounce moves on, and never moves the due time back") {
    History history = waiting();
    history.state = State::retried;
    history.due_at = start + hours(100);
    const auto decision = on_time(soft(start + hours(2)), history);
    CHECK(decision.history.window == 1);
    CHECK(decision.history.due_at == start + hours(100));
}

TEST_CASE("decide: a hard bounce and a complaint suppress from any state") {
    const auto state =
        GENERATE(State::clear, State::waiting, State::due, State::retried, State::exhausted, State::suppressed);
    const auto incident =
        GENERATE(hard(start + hours(2)), of_kind(Kind::complaint, start + hours(2)), hard(start - hours(2)));
    const auto decision = on_time(incident, in_state(state));
    CHECK(decision.action == Action::suppress);
    CHECK(decision.history.state == State::suppressed);
}

TEST_CASE("decide: blocked is counted and changes no state") {
    const auto state = GENERATE(State::clear, State::waiting, State::retried, State::exhausted, State::suppressed);
    const auto decision = on_time(blocked(start + hours(2)), in_state(state));
    CHECK(decision.action == Action::none);
    CHECK(decision.history.state == state);
    CHECK(decision.history.due_at == in_state(state).due_at);
    CHECK(decision.history.blocked_bounces == 1);
}

TEST_CASE("decide: delivered clears any state, a hard bounce's suppression too") {
    const auto state = GENERATE(State::clear, State::waiting, State::retried, State::exhausted, State::suppressed);
    const auto decision = on_time(of_kind(Kind::delivered, start + hours(2)), in_state(state));
    CHECK(decision.action == Action::clear);
    CHECK(decision.history.state == State::clear);
    CHECK(decision.history.soft_bounces == 0);
    CHECK(decision.history.hard_bounces == in_state(state).hard_bounces);
}

TEST_CASE("decide: delivered does not undo a complaint") {
    const auto complained = on_time(of_kind(Kind::complaint, start), {}).history;
    const auto decision = on_time(of_kind(Kind::delivered, start + hours(2)), complained);
    CHECK(decision.action == Action::none);
    CHECK(decision.history.state == State::suppressed);
}

TEST_CASE("decide: kinds that tell no failure change nothing") {
    const auto kind = GENERATE(Kind::delayed, Kind::challenge, Kind::receipt, Kind::suspicious, Kind::unrecognised);
    const auto decision = on_time(of_kind(kind, start + hours(2)), waiting());
    CHECK(decision.action == Action::none);
    CHECK(decision.history.state == State::waiting);
    CHECK(decision.history.soft_bounces == 1);
    CHECK(decision.history.last_bounce == start);
}

TEST_CASE("decide: a report older than the newest known one is counted only") {
    const History history = on_time(soft(start + hours(1)), waiting()).history;
    REQUIRE(history.window == 1);
    const auto [incident, softs] = GENERATE(table<Incident, int>({
        {soft(start + seconds(30)), 3},
        {of_kind(Kind::delivered, start + seconds(30)), 2},
    }));
    const auto decision = decide(incident, history, policy, start + hours(2));
    CHECK(decision.action == Action::none);
    CHECK(decision.history.state == history.state);
    CHECK(decision.history.window == 1);
    CHECK(decision.history.due_at == history.due_at);
    CHECK(decision.history.last_bounce == history.last_bounce);
    CHECK(decision.history.soft_bounces == softs);
}

TEST_CASE("decide: a backlog of old reports asks for no tries") {
    const Time now = start + policy.windows[0] + policy.settle;
    const auto decision = decide(soft(start), {}, policy, now);
    CHECK(decision.action == Action::none);
    CHECK(decision.history.soft_bounces == 1);
    CHECK(state_at(decision.history, policy, now) == State::clear);
}

TEST_CASE("decide: after a settled silence the count begins anew") {
    const auto decision = on_time(soft(start + hours(1) + policy.settle), waiting());
    CHECK(decision.action == Action::retry);
    CHECK(decision.history.window == 0);
    CHECK(decision.history.soft_bounces == 1);
}

TEST_CASE("decide: without windows a soft bounce is only counted") {
    const auto decision = decide(soft(start), {}, without_windows(), start);
    CHECK(decision.action == Action::none);
    CHECK(decision.history.state == State::clear);
    CHECK(decision.history.soft_bounces == 1);
}

TEST_CASE("state_at: waiting becomes due, and silence clears") {
    const auto [state, after, expected] = GENERATE(table<State, seconds, State>({
        {State::waiting, hours(1) - seconds(1), State::waiting},
        {State::waiting, hours(1), State::due},
        {State::waiting, hours(1) + policy.settle - seconds(1), State::due},
        {State::waiting, hours(1) + policy.settle, State::clear},
        {State::retried, hours(1), State::retried},
        {State::retried, hours(1) + policy.settle, State::clear},
        {State::exhausted, hours(10000), State::exhausted},
        {State::suppressed, hours(10000), State::suppressed},
    }));
    CHECK(state_at(in_state(state), policy, start + after) == expected);
}

TEST_CASE("decide: an auto-reply or other mail from the address clears it, unless that is switched off") {
    const auto kind = GENERATE(Kind::auto_reply, Kind::other);
    const auto incident = of_kind(kind, start + hours(2));
    CHECK(on_time(incident, waiting()).history.state == State::clear);
    CHECK(on_time(incident, in_state(State::suppressed)).history.state == State::clear);
    RetryPolicy deaf;
    deaf.thresholds.replies_clear = false;
    CHECK(decide(incident, waiting(), deaf, incident.arrived).history.state == State::waiting);
}

TEST_CASE("decide: success takes back neither a complaint's suppression nor a person's, even beside a hard bounce") {
    const auto kind = GENERATE(Kind::delivered, Kind::auto_reply);
    const auto hard_then = [](const auto& then) { return then(on_time(hard(start), {}).history).history; };
    const auto complained =
        hard_then([](const History& h) { return on_time(of_kind(Kind::complaint, start + hours(1)), h); });
    const auto by_person =
        hard_then([](const History& h) { return carry_out(Order::suppress, h, policy, start + hours(1)); });
    for (const auto& history : {complained, by_person})
        CHECK(on_time(of_kind(kind, start + hours(2)), history).history.state == State::suppressed);
    // A later hard bounce weakens neither.
    CHECK(on_time(hard(start + hours(3)), by_person).history.ground == Ground::person);
}

TEST_CASE("decide: a report from before a success is no evidence against the address") {
    const auto worked = on_time(of_kind(Kind::delivered, start), {}).history;
    const auto late = GENERATE(soft(start - hours(24 * 20)), hard(start - hours(24 * 20)));
    const auto decision = decide(late, worked, policy, start + hours(1));
    CHECK(decision.action == Action::none);
    CHECK(decision.history.state == State::clear);
    CHECK(decision.history.strikes.empty());
    CHECK(decide(of_kind(Kind::complaint, start - hours(1)), worked, policy, start).action == Action::suppress);
}

TEST_CASE("decide: a report from the future arrives now, and later ones are not old because of it") {
    const auto future = decide(soft(start + hours(24 * 3650)), {}, policy, start).history;
    CHECK(future.due_at == start + hours(1));
    CHECK(on_time(soft(start + hours(2)), future).history.window == 1);
}

TEST_CASE("decide: what a clock that was ahead left behind does not stop the retry clock") {
    History ahead = waiting();
    ahead.last_bounce = ahead.last_success = start + hours(24 * 3650);
    ahead.due_at = ahead.last_bounce + hours(1);
    const auto decision = decide(soft(start + hours(2)), ahead, policy, start + hours(2));
    CHECK(decision.history.last_bounce == start + hours(2));
    CHECK(decision.history.due_at <= start + hours(2) + policy.longest_window());
    CHECK(on_time(hard(start + hours(3)), decision.history).history.state == State::suppressed);
}

TEST_CASE("decide: a reason or a category may have windows of its own, or none") {
    RetryPolicy own;
    own.windows_for_reason[Reason::greylisted] = {hours(2)};
    own.windows_for_category[Category::message_expired] = {hours(24)};
    own.windows_for_category[Category::quota_issues] = {};
    own.windows_for_category[Category::policy_related] = {hours(5)};
    const auto first = [&](Reason reason) {
        Incident incident = soft(start);
        incident.reason = reason;
        incident.category = info(reason).category;
        return decide(incident, {}, own, start).history;
    };
    CHECK(first(Reason::greylisted).due_at == start + hours(2)); // before its category's
    CHECK(first(Reason::rate_limited).due_at == start + hours(5));
    CHECK(first(Reason::expired).due_at == start + hours(24));
    CHECK(first(Reason::mailbox_full).state == State::clear);
    CHECK(first(Reason::mailbox_full).soft_bounces == 1);
    CHECK(first(Reason::network_error).due_at == start + hours(1));
    CHECK(own.longest_window() == hours(24 * 7));

    Incident again = soft(start + hours(3));
    again.reason = Reason::greylisted;
    again.category = Category::policy_related;
    CHECK(decide(again, first(Reason::greylisted), own, again.arrived).action == Action::exhaust);
}

TEST_CASE("carry_out: a try that was made awaits its outcome from then on") {
    const auto tried = carry_out(Order::tried, waiting(), policy, start + hours(30)).history;
    CHECK(tried.state == State::retried);
    CHECK(state_at(tried, policy, start + hours(30) + policy.settle - seconds(1)) == State::retried);
    CHECK(state_at(tried, policy, start + hours(30) + policy.settle) == State::clear);
    CHECK(on_time(soft(start + hours(31)), tried).history.window == 1);
    CHECK(carry_out(Order::tried, waiting(), policy, start).history.state == State::waiting); // none was due
    CHECK(carry_out(Order::tried, {}, policy, start).history.state == State::clear);
}

TEST_CASE("carry_out: clear leaves nothing that is held against the address, nor do older reports") {
    const auto state = GENERATE(State::waiting, State::retried, State::exhausted, State::suppressed);
    const auto history = carry_out(Order::clear, in_state(state), policy, start + hours(5)).history;
    CHECK(history.state == State::clear);
    CHECK(history.strikes.empty());
    CHECK(history.ground == Ground::none);
    CHECK(decide(hard(start + hours(4)), history, policy, start + hours(5)).history.state == State::clear);
    CHECK(on_time(hard(start + hours(6)), history).history.state == State::suppressed);
}

TEST_CASE("settle: silence after a try is recovery, and nothing else changes") {
    const auto tried = carry_out(Order::tried, waiting(), policy, start + hours(1)).history;
    CHECK(settle(tried, policy, start + hours(2)).action == Action::none);
    const auto settled = settle(tried, policy, start + hours(1) + policy.settle);
    CHECK(settled.action == Action::clear);
    CHECK(settled.history.state == State::clear);
    CHECK(settled.history.strikes == tried.strikes); // the thresholds still count them
    CHECK(settle({}, policy, start + hours(9999)).action == Action::none);
    CHECK(settle(in_state(State::suppressed), policy, start + hours(9999)).action == Action::none);
}

TEST_CASE("name: every state can be found by its name") {
    for (const auto ground : {Ground::none, Ground::hard_bounce, Ground::complaint, Ground::person})
        CHECK(find_ground(name(ground)) == ground);
    for (const auto order : {Order::tried, Order::suppress, Order::clear}) CHECK(find_order(name(order)) == order);
    CHECK_FALSE(find_order("erase"));
    for (int i = 0; i <= static_cast<int>(State::suppressed); ++i) {
        const auto state = static_cast<State>(i);
        CHECK(find_state(name(state)) == state);
    }
    CHECK_FALSE(find_state("asleep"));
    CHECK(name(Action::suppress) == "suppress");
}

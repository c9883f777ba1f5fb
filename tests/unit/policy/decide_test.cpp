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
    return history;
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
    const auto kind = GENERATE(Kind::delayed, Kind::auto_reply, Kind::challenge, Kind::receipt, Kind::suspicious,
                               Kind::unrecognised, Kind::other);
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
    const auto decision = decide(soft(start), {}, RetryPolicy{{}, hours(1)}, start);
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

TEST_CASE("name: every state can be found by its name") {
    for (int i = 0; i <= static_cast<int>(State::suppressed); ++i) {
        const auto state = static_cast<State>(i);
        CHECK(find_state(name(state)) == state);
    }
    CHECK_FALSE(find_state("asleep"));
    CHECK(name(Action::suppress) == "suppress");
}

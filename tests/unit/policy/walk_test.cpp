// Random walks through the retry clock, from fixed seeds.
#include <catch2/catch.hpp>
#include <random>
#include <tuple>

#include "nixie/decision.hpp"

using namespace nixie;

namespace {

auto as_tuple(const History& h) {
    return std::tuple(h.state, h.window, h.due_at, h.last_bounce, h.soft_bounces, h.hard_bounces, h.blocked_bounces);
}

Incident random_incident(std::mt19937& dice, Time around) {
    // Mostly soft bounces: most others end a walk through the windows.
    Incident incident;
    incident.kind = dice() % 8 == 0 ? kinds[dice() % kinds.size()].kind : Kind::bounce;
    incident.type = dice() % 20 == 0 ? BounceType::hard : dice() % 8 == 0 ? BounceType::blocked : BounceType::soft;
    incident.arrived = around - std::chrono::minutes(dice() % 10 == 0 ? dice() % 5000 : 0);
    return incident;
}

void check_step(const Incident& incident, const History& before, const Decision& decision, const RetryPolicy& policy) {
    const History& after = decision.history;
    REQUIRE(find_state(name(after.state)) == after.state);
    REQUIRE(after.state != State::due); // never stored
    REQUIRE(after.window >= 0);
    REQUIRE(after.window < static_cast<int>(policy.windows.size()));
    REQUIRE(after.last_bounce >= before.last_bounce);
    REQUIRE_FALSE(decision.cause.empty());
    if (before.state == State::waiting && after.state == State::waiting && after.soft_bounces > 1)
        REQUIRE(after.due_at >= before.due_at);
    if (after.state == State::exhausted && before.state != State::exhausted) {
        REQUIRE(before.window == static_cast<int>(policy.windows.size()) - 1);
        REQUIRE(after.soft_bounces > static_cast<int>(policy.windows.size()));
    }
    if (decision.action == Action::retry) {
        REQUIRE(after.state == State::waiting);
        REQUIRE(after.due_at >= incident.arrived);
        REQUIRE((after.window == 0 || after.window == before.window + 1));
    }
    if (incident.kind != Kind::bounce && incident.kind != Kind::delivered && incident.kind != Kind::complaint)
        REQUIRE(as_tuple(after) == as_tuple(before));
}

} // namespace

TEST_CASE("decide: random histories never leave the table") {
    const RetryPolicy policy;
    const auto seed = GENERATE(range(1U, 41U));
    std::mt19937 dice(seed);
    Time now = *parse_time("2026-01-01T00:00:00Z");
    History history;
    for (int step = 0; step < 500; ++step) {
        now += std::chrono::minutes(dice() % (dice() % 4 == 0 ? 12000 : 600));
        if (state_at(history, policy, now) == State::due && dice() % 2 == 0) history.state = State::retried;
        const Incident incident = random_incident(dice, now);
        const Decision decision = decide(incident, history, policy, now);
        check_step(incident, history, decision, policy);
        const Decision again = decide(incident, history, policy, now);
        REQUIRE(as_tuple(again.history) == as_tuple(decision.history));
        REQUIRE(again.cause == decision.cause);
        history = decision.history;
    }
}

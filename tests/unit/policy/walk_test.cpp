// Random walks through the retry clock, from fixed seeds.
#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "nixie/retry_clock.hpp"

using namespace nixie;

namespace {

RetryPolicy policy_with_own_windows() {
    RetryPolicy policy;
    policy.windows_for_reason[Reason::greylisted] = {std::chrono::hours(1)};
    policy.windows_for_category[Category::message_expired] = {};
    policy.thresholds.soft_in[Category::quota_issues] = {12, std::chrono::hours(24 * 60)};
    return policy;
}

Incident random_incident(std::mt19937& dice, Time around) {
    // Mostly soft bounces: most others end a walk through the windows.
    Incident incident;
    incident.kind = dice() % 12 == 0 ? kinds[dice() % kinds.size()].kind : Kind::bounce;
    incident.type = dice() % 30 == 0 ? BounceType::hard : dice() % 8 == 0 ? BounceType::blocked : BounceType::soft;
    incident.reason = dice() % 3 == 0 ? reasons[dice() % reasons.size()].reason : Reason::mailbox_full;
    incident.category = info(incident.reason).category;
    incident.arrived = around - std::chrono::minutes(dice() % 10 == 0 ? dice() % 5000 : 0);
    if (dice() % 50 == 0) incident.arrived = around + std::chrono::hours(dice() % 100000); // from the future
    return incident;
}

/// Whether some moves of the table lead from one state to the other, passing only through what time brings about.
bool is_move(State from, State to) {
    for (const auto& move : moves)
        if (move.from == from && move.to == to) return true;
    return false;
}
bool leads(State stored, const RetryPolicy& policy, const History& before, Time then, State to) {
    return stored == to || is_move(stored, to) || is_move(state_at(before, policy, then), to);
}

void check_step(const Incident& incident, const History& before, const Decision& decision, const RetryPolicy& policy,
                Time now) {
    const History& after = decision.history;
    const Time arrived = std::min(incident.arrived, now);
    REQUIRE(after.state != State::due); // never stored
    REQUIRE(leads(before.state, policy, before, arrived, after.state));
    REQUIRE(after.last_bounce >= before.last_bounce);
    REQUIRE(after.last_success >= before.last_success);
    REQUIRE_FALSE(decision.cause.empty());
    REQUIRE(after.strikes.size() <= 2 * most_threshold_days);
    REQUIRE((after.ground == Ground::none) == (after.state != State::suppressed));
    const auto& windows = policy.windows_for(incident.reason, incident.category);
    if (before.state == State::waiting && after.state == State::waiting && after.soft_bounces > 1)
        REQUIRE(after.due_at >= before.due_at);
    if (after.state == State::exhausted && before.state != State::exhausted) {
        const bool by_windows = decision.cause == "soft bounce after the last window: recommended for removal";
        if (by_windows)
            REQUIRE(before.window >= static_cast<int>(windows.size()) - 1);
        else
            REQUIRE(decision.cause.find("soft bounces on ") == 0);
    }
    if (decision.action == Action::retry) {
        REQUIRE(after.state == State::waiting);
        REQUIRE(after.due_at >= arrived);
        REQUIRE((after.window == 0 || after.window == before.window + 1));
        REQUIRE(after.window < static_cast<int>(windows.size()));
    }
    const bool counts = incident.kind == Kind::bounce || incident.kind == Kind::complaint ||
                        incident.kind == Kind::delivered || incident.kind == Kind::auto_reply ||
                        incident.kind == Kind::other;
    if (!counts) REQUIRE(after == before);
    if (incident.kind == Kind::bounce && incident.type == BounceType::blocked) REQUIRE(after.state == before.state);
}

} // namespace

TEST_CASE("decide: random histories never leave the table, and time never runs back") {
    const RetryPolicy policy = policy_with_own_windows();
    const auto seed = GENERATE(range(1U, 41U));
    std::mt19937 dice(seed);
    Time now = *parse_time("2026-01-01T00:00:00Z");
    History history;
    for (int step = 0; step < 500; ++step) {
        now += std::chrono::minutes(dice() % (dice() % 4 == 0 ? 12000 : 600));
        if (dice() % 3 == 0) history = settle(history, policy, now).history;
        if (dice() % 3 == 0) history = carry_out(Order::tried, history, policy, now).history;
        if (dice() % 200 == 0) history = carry_out(Order::suppress, history, policy, now).history;
        if (dice() % 20 == 0) history = carry_out(Order::clear, history, policy, now).history;
        const Incident incident = random_incident(dice, now);
        const Decision decision = decide(incident, history, policy, now);
        check_step(incident, history, decision, policy, now);
        const Decision again = decide(incident, history, policy, now);
        REQUIRE(again.history == decision.history);
        REQUIRE(again.cause == decision.cause);
        history = decision.history;
    }
}

TEST_CASE("retry clock: every state can be reached and left, and no two moves contradict each other") {
    std::set<std::pair<State, Trigger>> seen;
    std::set<State> reached{State::clear}, left;
    for (const auto& move : moves) {
        CHECK(seen.insert({move.from, move.on}).second);
        CHECK(next_state(move.from, move.on) == move.to);
        if (move.from == move.to) continue;
        reached.insert(move.to);
        left.insert(move.from);
    }
    CHECK(reached.size() == 6);
    CHECK(left.size() == 6);
    CHECK_FALSE(next_state(State::suppressed, Trigger::soft));
}

#include <catch2/catch.hpp>

#include "nixie/decision.hpp"

using namespace nixie;
using std::chrono::hours;

namespace {

const Time start = *parse_time("2026-03-01T12:00:00Z");
constexpr hours day{24};

Incident bounce(BounceType type, int days, Category category = Category::quota_issues) {
    Incident incident{Kind::bounce, type, start + day * days};
    incident.category = category;
    return incident;
}

Decision after(const std::vector<Incident>& incidents, const RetryPolicy& policy) {
    Decision decision;
    for (const auto& incident : incidents) decision = decide(incident, decision.history, policy, incident.arrived);
    return decision;
}

/// Soft bounces so far apart that the retry clock begins anew each time.
std::vector<Incident> soft_every(int days, int count, Category category = Category::quota_issues) {
    std::vector<Incident> out;
    for (int i = 0; i < count; ++i) out.push_back(bounce(BounceType::soft, days * i, category));
    return out;
}

RetryPolicy with_soft(Threshold threshold) {
    RetryPolicy policy;
    policy.settle = hours(1);
    policy.windows = {hours(1)};
    policy.thresholds.soft = threshold;
    return policy;
}

} // namespace

TEST_CASE("thresholds: soft bounces on enough days recommend removal, though the clock settled in between") {
    const auto policy = with_soft({4, day * 30});
    CHECK(after(soft_every(7, 3), policy).history.state == State::waiting);
    const auto last = after(soft_every(7, 4), policy);
    CHECK(last.action == Action::exhaust);
    CHECK(last.history.state == State::exhausted);
    CHECK(last.cause == "soft bounces on 4 days within 30d: recommended for removal");
}

TEST_CASE("thresholds: several bounces on one day count once") {
    const auto policy = with_soft({2, day * 30});
    std::vector<Incident> many(5, bounce(BounceType::soft, 0));
    for (std::size_t i = 0; i < many.size(); ++i) many[i].arrived += std::chrono::minutes(i);
    CHECK(after(many, policy).history.strikes.size() == 1);
    CHECK(after(many, policy).history.state == State::waiting);
}

TEST_CASE("thresholds: days decay") {
    CHECK(after(soft_every(11, 9), with_soft({3, day * 30})).history.state == State::exhausted);
    CHECK(after(soft_every(11, 9), with_soft({4, day * 30})).history.state == State::waiting);
    CHECK(after(soft_every(40, 50), with_soft({2, day * 30})).history.strikes.size() <= 2 * most_threshold_days);
}

TEST_CASE("thresholds: success forgives all days") {
    const auto policy = with_soft({3, day * 30});
    auto incidents = soft_every(2, 2);
    incidents.push_back({Kind::delivered, BounceType::soft, start + day * 3});
    incidents.push_back(bounce(BounceType::soft, 4));
    CHECK(after(incidents, policy).history.state == State::waiting);
    CHECK(after(incidents, policy).history.strikes.size() == 1);
}

TEST_CASE("thresholds: a category with its own is counted by itself") {
    auto policy = with_soft({3, day * 90});
    policy.thresholds.soft_in[Category::quota_issues] = {5, day * 90};
    CHECK(after(soft_every(3, 4, Category::quota_issues), policy).history.state == State::waiting);
    CHECK(after(soft_every(3, 5, Category::quota_issues), policy).history.state == State::exhausted);
    CHECK(after(soft_every(3, 3, Category::bad_connection), policy).history.state == State::exhausted);
    auto mixed = soft_every(3, 4, Category::quota_issues);
    mixed.push_back(bounce(BounceType::soft, 20, Category::bad_connection));
    CHECK(after(mixed, policy).history.state == State::waiting);
}

TEST_CASE("thresholds: the careful suppress after hard bounces on several days") {
    RetryPolicy policy;
    policy.thresholds.hard = {2, day * 30};
    const auto first = after({bounce(BounceType::hard, 0)}, policy);
    CHECK(first.action == Action::none);
    CHECK(first.cause == "hard bounce on day 1 of the 2 that suppress");
    CHECK(after({bounce(BounceType::hard, 0), bounce(BounceType::hard, 0)}, policy).history.state == State::clear);
    CHECK(after({bounce(BounceType::hard, 0), bounce(BounceType::hard, 1)}, policy).action == Action::suppress);
    CHECK(after({bounce(BounceType::hard, 0), bounce(BounceType::hard, 40)}, policy).action == Action::none);
    policy.thresholds.hard = {};
    CHECK(after({bounce(BounceType::hard, 0), bounce(BounceType::hard, 1)}, policy).action == Action::none);
}

TEST_CASE("thresholds: however often, blocked never suppresses, and a complaint does at once") {
    std::vector<Incident> many;
    for (int i = 0; i < 100; ++i) many.push_back(bounce(BounceType::blocked, i, Category::spam_related));
    const auto blocked = after(many, RetryPolicy{});
    CHECK(blocked.history.state == State::clear);
    CHECK(blocked.history.blocked_bounces == 100);
    CHECK(after({{Kind::complaint, BounceType::soft, start}}, RetryPolicy{}).history.state == State::suppressed);
}

#include <catch2/catch.hpp>

#include "unit/config/load_with.hpp"

using namespace nixie;
using std::chrono::hours;

TEST_CASE("config: windows and thresholds by reason and category") {
    const TemporaryDirectory dir;
    const auto result = load_with(dir, R"(
        [retry.windows_for]
        greylisted = ["2h"]
        message-expired = []
        [thresholds]
        soft = 7
        hard = 2
        replies_clear = false
        [thresholds.for.quota-issues]
        soft = 10
        soft_within = "60d")");
    for (const auto& error : result.errors) UNSCOPED_INFO(error.text());
    REQUIRE(result.config);
    const RetryPolicy& policy = result.config->retry;
    CHECK(policy.windows_for(Reason::greylisted, Category::policy_related) == std::vector<Duration>{hours(2)});
    CHECK(policy.windows_for(Reason::expired, Category::message_expired).empty());
    CHECK(policy.windows_for(Reason::mailbox_full, Category::quota_issues) == RetryPolicy{}.windows);
    CHECK(policy.thresholds.soft == Threshold{7, hours(24 * 30)});
    CHECK(policy.thresholds.hard == Threshold{2, hours(24 * 365)});
    CHECK(policy.thresholds.soft_in.at(Category::quota_issues) == Threshold{10, hours(24 * 60)});
    CHECK_FALSE(policy.thresholds.replies_clear);
}

TEST_CASE("config: mistakes in windows and thresholds are told with their line and remedy") {
    const TemporaryDirectory dir;
    const auto [line, complaint] = GENERATE(table<std::string, std::string>({
        {"[retry.windows_for]\ngraylisted = [\"1h\"]", "`graylisted` is neither a reason nor a category"},
        {"[retry.windows_for]\ngreylisted = [\"soon\"]", "`soon` is no length of time"},
        {"[thresholds]\nsoft = 31", "`soft` in [thresholds] must be a whole number from 0 to 30"},
        {"[thresholds]\nsoft = 30\nsoft_within = \"1w\"", "30 days do not fit into `soft_within`"},
        {"[thresholds.for.full]\nsoft = 3", "`full` is no category"},
        {"[thresholds.for.quota-issues]\nblocked = 3", "unknown key `blocked` in [thresholds.for.quota-issues]"},
    }));
    const auto result = load_with(dir, line);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == complaint);
    CHECK_FALSE(result.errors[0].where.empty());
}

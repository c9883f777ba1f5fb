#include <catch2/catch.hpp>

#include "unit/config/load_with.hpp"

using namespace nixie;
using std::chrono::hours;

TEST_CASE("config: when the sender seems to be at fault") {
    const TemporaryDirectory dir;
    const auto result = load_with(dir, R"(
        [sender]
        hold = false
        window = "3h"
        quiet = "2d"
        floor = 10
        blocked_share = 11
        local_share = 12
        provider_share = 13
        spike = 14
        nearly_all = 15
        mailing_factor = 16
        warn = 17
        alarm = 18
        rate_floor = 19)");
    for (const auto& error : result.errors) UNSCOPED_INFO(error.text());
    REQUIRE(result.config);
    const SenderPolicy policy{.hold = false,
                              .window = hours(3),
                              .quiet = hours(48),
                              .floor = 10,
                              .blocked_share = 11,
                              .local_share = 12,
                              .provider_share = 13,
                              .spike = 14,
                              .nearly_all = 15,
                              .mailing_factor = 16,
                              .warn = 17,
                              .alarm = 18,
                              .rate_floor = 19};
    CHECK(result.config->retry.sender == policy);
    CHECK(result.config->mailboxes.at(0).retry.sender == policy);
    CHECK(load_with(dir, "").config->retry.sender == SenderPolicy{});
}

TEST_CASE("config: mistakes in [sender] are told with their line and remedy") {
    const TemporaryDirectory dir;
    const auto [line, complaint] = GENERATE(table<std::string, std::string>({
        {"hold = 1", "`hold` in [sender] must be true or false"},
        {"window = \"soon\"", "`window` is no length of time"},
        {"floor = 0", "`floor` in [sender] must be a whole number from 1 to 1000000000"},
        {"blocked_share = 101", "`blocked_share` in [sender] must be a whole number from 1 to 100"},
        {"mailing_factor = 1", "`mailing_factor` in [sender] must be a whole number from 2 to 1000"},
        {"warn = 6", "`alarm` is below `warn`"},
        {"alarm = 1", "`alarm` is below `warn`"},
        {"pause = 5", "unknown key `pause` in [sender]"},
    }));
    const auto result = load_with(dir, "[sender]\n" + line);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == complaint);
    CHECK_FALSE(result.errors[0].where.empty());
}

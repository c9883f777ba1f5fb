#include <catch2/catch.hpp>

#include "unit/config/load_with.hpp"

using namespace nixie;
using std::chrono::hours;

TEST_CASE("config: for how long the journal keeps what") {
    const TemporaryDirectory dir;
    const auto usual = load_with(dir, "");
    REQUIRE(usual.config);
    CHECK_FALSE(usual.config->retention.messages);
    CHECK(usual.config->retention.events == Duration{hours(24 * 30)});
    CHECK(usual.config->retention.counts == Duration{hours(24 * 400)});

    const auto own = load_with(dir, "[retention]\nmessages = \"90d\"\nevents = \"forever\"\ncounts = \"1d\"");
    for (const auto& error : own.errors) UNSCOPED_INFO(error.text());
    REQUIRE(own.config);
    CHECK(own.config->retention.messages == Duration{hours(24 * 90)});
    CHECK_FALSE(own.config->retention.events);
    CHECK(own.config->retention.counts == Duration{hours(24)});
}

TEST_CASE("config: a retention that is no length of time, or less than a day, is refused") {
    const TemporaryDirectory dir;
    const auto [line, complaint] = GENERATE(table<std::string, std::string>({
        {"messages = \"23h\"", "`messages` is shorter than a day"},
        {"events = \"for ever\"", "`events` is no length of time"},
        {"bounces = \"1w\"", "unknown key `bounces` in [retention]"},
    }));
    const auto result = load_with(dir, "[retention]\n" + line);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == complaint);
    CHECK_FALSE(result.errors[0].where.empty());
}

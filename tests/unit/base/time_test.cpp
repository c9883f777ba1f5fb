#include <catch2/catch.hpp>

#include "nixie/time.hpp"

using namespace nixie;

TEST_CASE("mail date: every spelling of one moment is that moment") {
    const auto text = GENERATE(as<std::string>{}, "Sat, 21 Nov 2026 23:55:00 +0000", "21 Nov 2026 23:55:00 +0000",
                               "Sat, 21 Nov 2026 18:55:00 EST", "Sun, 22 Nov 2026 08:55:00 +0900 (JST)",
                               "Saturday, 21-Nov-26 23:55:00 GMT", "Sat Nov 21 23:55:00 2026",
                               "Sat, 21 November 2026 23:55 +0000", "Sat,21 Nov 2026 23:55:00 -0000");
    CAPTURE(text);
    REQUIRE(parse_mail_date(text));
    CHECK(format_time(*parse_mail_date(text)) == "2026-11-21T23:55:00Z");
}

TEST_CASE("mail date: what names no moment is refused") {
    const auto text = GENERATE(as<std::string>{}, "", "yesterday", "31 Feb 2026 10:00:00 +0000", "21 Nov 2026",
                               "21 Foo 2026 10:00:00", "99 Nov 2026 10:00:00 +0000", "21 Nov 99999999999 10:00:00");
    CAPTURE(text);
    CHECK_FALSE(parse_mail_date(text));
}

TEST_CASE("time: format and parse are inverse") {
    const Time time{std::chrono::seconds{1795305300}};
    CHECK(parse_time(format_time(time)) == time);
    CHECK_FALSE(parse_time("2026-11-21 23:55:00Z"));
    CHECK_FALSE(parse_time("2026-13-21T23:55:00Z"));
}

TEST_CASE("duration: one number and one unit") {
    const auto [text, seconds] =
        GENERATE(table<std::string, long>({{"90s", 90}, {"5m", 300}, {"1h", 3600}, {"1d", 86400}, {"1w", 604800}}));
    CHECK(parse_duration(text) == Duration{seconds});
}

TEST_CASE("duration: anything else is refused") {
    const auto text = GENERATE(as<std::string>{}, "", "5", "m", "0m", "-1h", "1.5h", "1h30m", "5 m", "99999999999w");
    CAPTURE(text);
    CHECK_FALSE(parse_duration(text));
}

TEST_CASE("duration: written in the largest unit that is exact") {
    CHECK(format_duration(Duration{3600}) == "1h");
    CHECK(format_duration(Duration{5400}) == "90m");
    CHECK(format_duration(Duration{604800}) == "1w");
    CHECK(format_duration(Duration{61}) == "61s");
}

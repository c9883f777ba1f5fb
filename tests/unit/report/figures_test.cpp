#include "report/figures.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <ctime>

using namespace nixie;

namespace {

/// The zone of the one who reads, for as long as it lives.
class Zone {
  public:
    explicit Zone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~Zone() {
        ::setenv("TZ", "UTC", 1);
        ::tzset();
    }
    Zone(const Zone&) = delete;
    Zone& operator=(const Zone&) = delete;
};

constexpr Time in_winter{Duration{1767225600}}; // 2026-01-01T00:00:00Z

} // namespace

TEST_CASE("figures: times are told in the reader's zone, with their distance from UTC") {
    CHECK(zoned_time(in_winter) == "2026-01-01T00:00:00Z");
    {
        const Zone zone("CET-1CEST,M3.5.0,M10.5.0/3");
        CHECK(zoned_time(in_winter) == "2026-01-01T01:00:00+01:00");
        CHECK(zoned_time(in_winter + std::chrono::hours(24 * 180)) == "2026-06-30T02:00:00+02:00");
    }
    {
        const Zone zone("NST3:30"); // west, and no whole hours
        CHECK(zoned_time(in_winter) == "2025-12-31T20:30:00-03:30");
        CHECK(zoned_day(in_winter) == "2025-12-31");
    }
}

TEST_CASE("figures: large numbers are grouped, and one of a thing is one") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1234567) == "1\u202F234\u202F567");
    CHECK(grouped(-1234) == "-1\u202F234");
    CHECK(number_of(1, "message") == "1 message");
    CHECK(number_of(0, "message") == "0 messages");
    CHECK(bytes_text(999) == "999 B");
    CHECK(bytes_text(480'100) == "480.1 kB");
    CHECK(bytes_text(68'000'000'000) == "68.0 GB");
}

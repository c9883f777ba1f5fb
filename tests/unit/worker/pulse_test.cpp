#include <catch2/catch.hpp>

#include "worker/pulse.hpp"

using namespace nixie;

TEST_CASE("pulse: a promise is broken when its time is over, and not where none was made") {
    const auto now = Pulse::Moment{} + std::chrono::hours(100);
    Pulse pulse;
    CHECK_FALSE(pulse.broken(now + std::chrono::hours(24 * 365)));
    pulse.promise(Duration{60}, now);
    CHECK_FALSE(pulse.broken(now + Duration{60}));
    CHECK(pulse.broken(now + Duration{61}));
    pulse.none();
    CHECK_FALSE(pulse.broken(now + Duration{61}));
}

// The days on which an address bounced, and whether they are too many.
#pragma once

#include "nixie/decision.hpp"

namespace nixie {

/// Days since 1970-01-01, UTC.
int day_of(Time time);

/// Adds the day of `incident`, a soft or hard bounce, and forgets what no threshold looks at any more. One strike for each day,
/// type and category; no more than a constant number of them.
void note_strike(History& history, const Incident& incident, const Thresholds& thresholds);

/// What the threshold that `incident` falls under counts, its own day included.
struct StrikeCount {
    int days = 0;
    Threshold threshold;

    [[nodiscard]] bool reached() const { return threshold.days > 0 && days >= threshold.days; }
};
StrikeCount count_strikes(const History& history, const Incident& incident, const Thresholds& thresholds);

} // namespace nixie

#include "report/rate.hpp"

#include <fmt/format.h>

namespace nixie {

Tally rated(const SpanTotals& totals) {
    return {totals.sent, totals.bounces.hard, totals.bounces.soft, totals.bounces.blocked};
}

Tally rated(const GroupCount& group) {
    return {group.sent, group.bounces.hard, group.bounces.soft, group.bounces.blocked};
}

double rate_percent(const Tally& tally) {
    return tally.sent > 0 ? 100.0 * static_cast<double>(tally.bounced()) / static_cast<double>(tally.sent) : 0.0;
}

std::string rate_text(const Tally& tally) {
    if (tally.sent <= 0) return "-";
    // More bounced than was told of.
    if (tally.bounced() > tally.sent) return "> 100 %";
    return fmt::format("{:.1f} %", rate_percent(tally));
}

std::string level_text(const Tally& tally, const SenderPolicy& policy) {
    if (tally.sent <= 0) return {};
    if (tally.sent < policy.rate_floor) return fmt::format("fewer than {} sent say little", policy.rate_floor);
    switch (rate_level(tally, policy)) {
        case RateLevel::alarm:
            return fmt::format("at the alarm mark of {} % or above it", policy.alarm);
        case RateLevel::warning:
            return fmt::format("above the aim of {} %", policy.warn);
        case RateLevel::good:
            return fmt::format("below the aim of {} %", policy.warn);
        case RateLevel::unknown:
            break;
    }
    return {};
}

} // namespace nixie

#include "policy/thresholds.hpp"

#include <algorithm>
#include <set>

namespace nixie {
namespace {

/// Twice what a threshold may ask for: a day with bounces of several categories has several.
constexpr std::size_t most_strikes = 2 * most_threshold_days;

int first_day(int day, Duration within) {
    return day - static_cast<int>(std::chrono::ceil<std::chrono::days>(within).count()) + 1;
}

const std::map<Category, Threshold>& own_thresholds(BounceType type, const Thresholds& thresholds) {
    return type == BounceType::hard ? thresholds.hard_in : thresholds.soft_in;
}

Duration longest(const Thresholds& thresholds) {
    Duration out = std::max(thresholds.soft.within, thresholds.hard.within);
    for (const auto* map : {&thresholds.soft_in, &thresholds.hard_in})
        for (const auto& [category, threshold] : *map) out = std::max(out, threshold.within);
    return out;
}

} // namespace

int day_of(Time time) {
    return static_cast<int>(std::chrono::floor<std::chrono::days>(time).time_since_epoch().count());
}

void note_strike(History& history, const Incident& incident, const Thresholds& thresholds) {
    const Strike strike{day_of(incident.arrived), incident.type, incident.category};
    auto& strikes = history.strikes;
    if (std::find(strikes.begin(), strikes.end(), strike) == strikes.end())
        strikes.insert(std::upper_bound(strikes.begin(), strikes.end(), strike,
                                        [](const Strike& a, const Strike& b) { return a.day < b.day; }),
                       strike);
    const int oldest = first_day(strikes.back().day, longest(thresholds));
    std::erase_if(strikes, [&](const Strike& one) { return one.day < oldest; });
    if (strikes.size() > most_strikes)
        strikes.erase(strikes.begin(), strikes.end() - static_cast<std::ptrdiff_t>(most_strikes));
}

StrikeCount count_strikes(const History& history, const Incident& incident, const Thresholds& thresholds) {
    const auto& own = own_thresholds(incident.type, thresholds);
    const auto mine = own.find(incident.category);
    StrikeCount count;
    count.threshold = mine != own.end()                   ? mine->second
                      : incident.type == BounceType::hard ? thresholds.hard
                                                          : thresholds.soft;
    const int last = day_of(incident.arrived), first = first_day(last, count.threshold.within);
    std::set<int> days;
    for (const auto& strike : history.strikes) {
        if (strike.type != incident.type || strike.day < first || strike.day > last) continue;
        const bool counted_here =
            mine != own.end() ? strike.category == incident.category : !own.contains(strike.category);
        if (counted_here) days.insert(strike.day);
    }
    count.days = static_cast<int>(days.size());
    return count;
}

} // namespace nixie

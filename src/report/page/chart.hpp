// Charts as inline SVG: they need no script, print well, and their words can be selected.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "nixie/sender.hpp"
#include "store/summary.hpp"

namespace nixie {

/// A column a day, stacked by type, with a scale. `label` tells what it shows to those who do not see it.
std::string day_chart(std::span<const GroupCount> days, std::string_view label);
/// One stacked bar, as wide as its share of `most`, for a cell of a table.
std::string bar(const TypeCounts& counts, std::int64_t most);

/// Where the scale of rates ends, in percent, unless one is higher.
double rate_scale_end(const SenderPolicy& policy);
/// The rate now, and before if that is known, on a scale with both marks.
std::string rate_scale(const Tally& now, const Tally& before, const SenderPolicy& policy);
/// A bar beside both marks, as long as its share of `most` percent, for a cell of a table. `shade` is a class of the style sheet.
std::string rate_bar(const Tally& tally, std::string_view shade, double most, const SenderPolicy& policy);

} // namespace nixie

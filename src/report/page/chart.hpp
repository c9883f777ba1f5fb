// Charts as inline SVG: they need no script, print well, and their words can be selected.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "store/summary.hpp"

namespace nixie {

/// A column a day, stacked by type, with a scale. `label` tells what it shows to those who do not see it.
std::string day_chart(std::span<const GroupCount> days, std::string_view label);
/// One stacked bar, as wide as its share of `most`, for a cell of a table.
std::string bar(const TypeCounts& counts, std::int64_t most);

} // namespace nixie

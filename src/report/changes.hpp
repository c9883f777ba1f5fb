// What rose and what fell since the span before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/summary.hpp"

namespace nixie {

/// One figure in the span, and in the one of the same length before it.
struct Change {
    std::string name;
    std::int64_t before = 0, now = 0;
};

struct Changes {
    std::vector<Change> figures; ///< of all that arrived, whether they changed or not
    std::vector<Change> reasons; ///< those that rose or fell, by the most first
};

/// Nothing where nothing is recorded of the span before.
std::optional<Changes> changes_of(const Summary& summary);

/// "new", "rose", "fell", "gone" or "same".
std::string_view trend(const Change& change);
/// Of 100 before; nothing where there were none.
std::optional<double> change_percent(const Change& change);
/// "+66 (+367 %)", "+41 (new)", "-6 (gone)", "0"
std::string change_text(const Change& change);

} // namespace nixie

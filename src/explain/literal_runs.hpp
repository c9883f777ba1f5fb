// What texts a pattern needs, as far as its own text shows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// One of several texts, in lower case.
using Literals = std::vector<std::string>;

/// One alternative of a pattern.
struct PatternBranch {
    /// Whatever this alternative matches holds, for each run, one of its texts.
    std::vector<Literals> runs;
    /// The alternative stands for the texts of its only run and for nothing else.
    bool finite = false;
};

/// The alternatives of an RE2 pattern that ignores case; nothing if it uses syntax that is not looked into here. Bounded: runs of
/// many texts are split or left out.
std::optional<std::vector<PatternBranch>> literal_runs(std::string_view pattern);

/// Whether the pattern asks where in the text it stands: `^`, `$`, `\b`, …
bool has_assertion(std::string_view pattern);

} // namespace nixie

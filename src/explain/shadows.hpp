// Rules that can never decide, because an earlier one always does first.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "classify/rule.hpp"

namespace nixie {

struct Shadow {
    const Rule* rule;    ///< can never decide
    const Rule* by;      ///< because this one stands before it
    std::string pattern; ///< only this one of its text patterns; empty: the whole rule
    int line = 0;        ///< of that pattern
};

/// A pattern without use does no harm; a rule without use says something that nobody will hear.
inline bool is_whole_rule(const Shadow& shadow) { return shadow.pattern.empty(); }

/// What the rules' own conditions prove: each condition of the earlier rule is met by whatever meets the later one's. Sound, not
/// complete: nobody can tell this of all patterns. Looks into `rules`, which are in the order of belief.
std::vector<Shadow> find_shadows(const std::vector<Rule>& rules);

} // namespace nixie

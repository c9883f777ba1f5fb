// Rule and format files, read for those who write them: every mistake is told, not only the first.
#pragma once

#include <string>
#include <vector>

#include "classify/rule.hpp"
#include "evidence/holding.hpp"
#include "nixie/verdict.hpp"

namespace nixie {

enum class BuiltIn { behind, absent };

/// All rules and formats in the order of belief, and what is wrong with them.
struct RuleFiles {
    std::size_t files = 0; ///< how many were read, the built-in ones not counted unless they stand alone
    std::vector<Rule> rules;
    std::size_t own_rules = 0; ///< so many of `rules`, at the front, are looked at
    Formats::Impl formats;     ///< good for reading messages only if there are no errors
    std::size_t own_formats = 0;
    std::size_t own_kinds = 0;
    std::vector<Error> errors;
};

/// Reads every *.toml of the folders in their order, and behind them the built-in ones. Without folders the built-in ones are
/// what is looked at, as if they were one's own. A folder that cannot be read is an error too.
RuleFiles read_rule_files(const std::vector<std::string>& folders, BuiltIn built_in);

} // namespace nixie

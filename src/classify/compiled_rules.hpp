// The rules, compiled: first the literal parts of all patterns are looked for in one pass, then only those patterns are
// tried whose literals are there. (One automaton over all patterns needs milliseconds for every new text.)
#pragma once

#include <re2/filtered_re2.h>
#include <re2/re2.h>
#include <re2/set.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "classify/rule.hpp"
#include "nixie/verdict.hpp"

namespace nixie {

/// One rule's patterns but its texts. An empty list is a condition that always holds.
struct CompiledRule {
    using Alternatives = std::vector<std::unique_ptr<const RE2>>;

    std::string id;
    Reason reason;
    Category category;
    std::optional<BounceType> type;
    Alternatives status, code, mta, domain;
};

/// A rule that may decide, and the pattern of its text condition that may match; null if it has no text condition.
struct Candidate {
    const CompiledRule* rule;
    const RE2* text;
};

struct Rules::Impl {
    /// Compiles rules in their order. A duplicate id, or more than fits in memory, is an error.
    static Result<std::unique_ptr<const Impl>> compile(const std::vector<Rule>& rules);

    /// In the order of belief. Looks into this object.
    [[nodiscard]] std::vector<Candidate> candidates(std::string_view words) const;

  private:
    Impl();
    std::optional<Error> add(const Rule& rule);
    std::optional<Error> finish();
    [[nodiscard]] std::vector<int> possible_texts(std::string_view words) const;

    std::vector<CompiledRule> rules_;
    std::vector<int> without_text_; ///< indices of the rules that look at other facts only
    re2::FilteredRE2 texts_;        ///< every text pattern of every rule
    std::vector<int> rule_of_text_; ///< index into rules_ for each pattern of texts_
    RE2::Set literals_;             ///< what texts_ requires
};

} // namespace nixie

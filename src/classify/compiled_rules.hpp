// The rules made ready: the literal parts of all patterns are looked for in one pass, then only those patterns are tried whose
// literals are there. (One automaton over all patterns needs milliseconds for every new text.)
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "classify/rule.hpp"
#include "nixie/verdict.hpp"
#include "patterns/regex_set.hpp"

namespace nixie {

/// One rule's patterns but its texts. An empty list is a condition that always holds.
struct CompiledRule {
    using Alternatives = std::vector<Regex>;

    std::string id, where, source;
    Reason reason;
    Category category;
    std::optional<BounceType> type;
    Alternatives status, code, command, action, mta, domain;
};

/// A rule that may decide, and the pattern of its text condition that may match; null if it has no text condition.
struct Candidate {
    const CompiledRule* rule;
    const Regex* text;
};

struct Rules::Impl {
    /// In the order of belief. A duplicate id is an error.
    static Result<std::unique_ptr<const Impl>> compile(const std::vector<Rule>& rules);

    static Rules wrap(std::unique_ptr<const Impl> impl) { return Rules(std::move(impl)); }

    /// In their order. Looks into this object.
    [[nodiscard]] std::vector<Candidate> candidates(std::string_view words) const;
    /// Null if no rule has that id.
    [[nodiscard]] const CompiledRule* find(std::string_view id) const;

  private:
    void add(const Rule& rule);

    std::vector<CompiledRule> rules_;
    std::vector<std::size_t> without_text_; ///< indices of the rules that look at other facts only
    RegexSet texts_;                        ///< every text pattern of every rule
    std::vector<std::size_t> rule_of_text_; ///< index into rules_ for each pattern of texts_
};

} // namespace nixie

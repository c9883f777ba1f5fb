// Rules, and what was found wrong with rule files, for people and for programs.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "explain/examples.hpp"
#include "explain/shadows.hpp"

namespace nixie {

/// Why `rules grep` names a rule.
struct RuleHit {
    const Rule* rule;
    std::string why;   ///< "decides", "holds too", "pattern", "id"
    std::string what;  ///< the text that matched, or the pattern
    std::string where; ///< file:line of the pattern, else of the rule
};

std::string rule_table(std::span<const Rule* const> rules);
/// One line of JSON a rule.
std::string rule_json(std::span<const Rule* const> rules);

std::string hit_table(std::span<const RuleHit> hits, std::size_t columns);
std::string hit_json(std::span<const RuleHit> hits);

/// One line a mistake.
std::string errors_text(std::span<const Error> errors);
std::string errors_json(std::span<const Error> errors);

std::string shadows_text(std::span<const Shadow> shadows);
std::string shadows_json(std::span<const Shadow> shadows);

std::string examples_text(const ExamplesRun& run);
std::string examples_json(const ExamplesRun& run);

} // namespace nixie

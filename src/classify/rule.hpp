// One rule as its file says it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/data.hpp"
#include "nixie/result.hpp"
#include "nixie/taxonomy.hpp"

namespace nixie {

/// A `[[rule]]` of conf/rules/*.toml. Every condition that is present must hold; its patterns are alternatives.
/// Patterns are RE2 and ignore case.
struct Rule {
    std::string id;    ///< "mailbox-full.quota": unique; what a verdict names
    std::string where; ///< file:line, for errors
    Reason reason = Reason::undefined;
    std::optional<Category> category; ///< instead of the reason's own
    std::optional<BounceType> type;   ///< instead of the reason's own

    std::vector<std::string> text;    ///< anywhere in the diagnostic
    std::vector<std::string> status;  ///< the whole enhanced status code
    std::vector<std::string> code;    ///< the whole SMTP reply code
    std::vector<std::string> command; ///< the whole name of the SMTP command that was answered
    std::vector<std::string> action;  ///< the whole RFC 3464 action
    std::vector<std::string> mta;     ///< anywhere in the name of the host that replied
    std::vector<std::string> domain;  ///< anywhere in the recipient's domain

    std::string source;                        ///< where the wording comes from: a document, RFC section or product
    std::vector<std::string> examples;         ///< at least one; see example_evidence()
    std::vector<std::string> counter_examples; ///< look alike, and are for another rule
};

/// The rules of one file in their order. Errors name file and line.
Result<std::vector<Rule>> read_rules(const DataFile& file);

} // namespace nixie

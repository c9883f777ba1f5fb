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

    /// The lines of the file that the entries of a list stand in.
    struct Lines {
        std::vector<int> text, examples, counter_examples;
    } lines;
};

/// What a file may hold besides [[rule]]: tables of formats are refused, or passed over for who reads those.
enum class Besides { nothing, formats };

/// The rules of one file in their order. Whatever is wrong with it is added to `errors`, with file and line.
std::vector<Rule> read_rules(const DataFile& file, Besides besides, std::vector<Error>& errors);
/// The same, or the first error.
Result<std::vector<Rule>> read_rules(const DataFile& file, Besides besides = Besides::nothing);
/// Complains about every id that an earlier rule has, naming both places.
void refuse_taken_ids(const std::vector<Rule>& rules, std::vector<Error>& errors);

} // namespace nixie

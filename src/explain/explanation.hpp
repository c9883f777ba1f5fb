// Why nixie says what it says of a message, of a pasted line or of bare codes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "explain/codes.hpp"
#include "nixie/judge.hpp"

namespace nixie {

/// A rule that holds, and where it stands.
struct RuleMatch {
    Verdict verdict;
    std::string where;  ///< file:line; empty for "undefined"
    std::string source; ///< where its wording comes from
};

struct RecipientExplanation {
    std::string line; ///< of lines: the one that this explains
    Evidence evidence;
    std::vector<RuleMatch> rules; ///< the first decides, the others hold too; never empty
    std::vector<CodeMeaning> codes;
};

struct Explanation {
    enum class Of { codes, lines, message } of = Of::lines;
    Report report; ///< of a message; its recipients are in `recipients`
    /// Content type of each part of a message, for Place::part.
    std::vector<std::string> part_types;
    std::vector<RecipientExplanation> recipients; ///< one for codes, one for each line
};

/// Refers to what it is made from.
class Explainer {
  public:
    Explainer(const Judge& judge, const Registry& registry) : judge_(judge), registry_(registry) {}

    [[nodiscard]] Explanation of_codes(const Codes& codes) const;
    /// What a log or a report says, each failure by itself. See failure_lines().
    [[nodiscard]] Explanation of_lines(std::string_view text) const;
    [[nodiscard]] Explanation of_message(std::string_view bytes, const Limits& limits = {}) const;
    /// A message if it has header fields like one or is the body of a known format's report, else lines.
    [[nodiscard]] Explanation of_text(std::string_view bytes, const Limits& limits = {}) const;

  private:
    [[nodiscard]] RecipientExplanation of_evidence(const Evidence& evidence) const;
    const Judge& judge_;
    const Registry& registry_;
};

/// One entry for each failure that `text` speaks of: a line with a reply or status code begins one, unless it is indented or
/// goes on with the multi-line reply before it (RFC 5321 section 4.2.1). Never empty; bounded.
std::vector<std::string> failure_lines(std::string_view text);

/// The evidence in a pasted line: its reply and status codes wherever they stand, the first address before them, and all of it
/// as the diagnostic.
Evidence line_evidence(std::string_view text);

} // namespace nixie

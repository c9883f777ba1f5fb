// Bytes in, verdicts out: the core in one call.
#pragma once

#include <string_view>
#include <vector>

#include "nixie/attribution.hpp"
#include "nixie/message.hpp"
#include "nixie/report.hpp"
#include "nixie/verdict.hpp"

namespace nixie {

/// A report and its verdicts, one for each of report.recipients in the same order.
struct Judgement {
    Report report;
    std::vector<Verdict> verdicts;
};

/// Holds formats, rules, and what is particular to the sender. Immutable: one Judge serves any number of threads.
class Judge {
  public:
    Judge(Formats formats, Rules rules, Attribution attribution = {})
        : formats_(std::move(formats)), rules_(std::move(rules)), attribution_(std::move(attribution)) {}
    /// With the built-in formats and rules.
    static Judge built_in(Attribution attribution = {}) {
        return {Formats::built_in(), Rules::built_in(), std::move(attribution)};
    }
    /// With the formats and rules of every *.toml in `directory`, which come before the built-in ones. Errors name file,
    /// line and remedy.
    static Result<Judge> with_own(const std::string& directory, Attribution attribution = {});

    /// Never throws; linear in the number of bytes.
    [[nodiscard]] Judgement operator()(std::string_view bytes, const Limits& limits = {}) const;
    [[nodiscard]] const Formats& formats() const { return formats_; }
    [[nodiscard]] const Rules& rules() const { return rules_; }

  private:
    Formats formats_;
    Rules rules_;
    Attribution attribution_;
};

} // namespace nixie

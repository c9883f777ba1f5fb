// Why a message was not delivered to one recipient, and which rule said so.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/report.hpp"
#include "nixie/result.hpp"
#include "nixie/taxonomy.hpp"

namespace nixie {

/// The answer for one recipient, with what decided it.
struct Verdict {
    Reason reason = Reason::undefined;
    Category category = Category::other;
    BounceType type = BounceType::soft;
    std::string rule;             ///< id of the rule that decided, "undefined" if none did
    std::string matched;          ///< the text that matched
    Source source = Source::none; ///< where that text was read
    Place place;
    std::string suggestion; ///< a likely intended address, a hint only (typo.hpp); mostly empty
};

/// Where a rule stands, for people. Looks into the Rules it was asked of.
struct RuleOrigin {
    std::string_view where;  ///< file:line; the built-in ones are in "conf/rules/"
    std::string_view source; ///< the document or product that the wording comes from
};

/// The rules, compiled into one set. First match wins. Immutable and thread-safe once made.
class Rules {
  public:
    /// The built-in ones, from conf/rules. They are tested with the program, so failure is a bug.
    static Rules built_in();
    /// Those of every *.toml in `directory`, in the order of file names. Errors name file and line.
    static Result<Rules> from_directory(const std::string& directory);

    /// Those of every *.toml in `directory` first, then the built-in ones. The files may hold formats too, which
    /// Formats::with_own() reads. An id that a built-in rule has is an error.
    static Result<Rules> with_own(const std::string& directory);

    Rules(Rules&&) noexcept;
    Rules& operator=(Rules&&) noexcept;
    ~Rules();

    /// Nothing if no rule has that id.
    [[nodiscard]] std::optional<RuleOrigin> find(std::string_view id) const;

    struct Impl;
    [[nodiscard]] const Impl& impl() const { return *impl_; }

  private:
    explicit Rules(std::unique_ptr<const Impl> impl);
    std::unique_ptr<const Impl> impl_;
};

/// Never throws; linear in the size of the evidence.
Verdict classify(const Evidence& evidence, const Rules& rules);

/// What every rule that holds says, in the order of the rules. Never empty: the front is what classify() answers.
std::vector<Verdict> classify_all(const Evidence& evidence, const Rules& rules);

} // namespace nixie

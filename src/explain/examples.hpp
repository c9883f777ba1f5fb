// The examples that rules and formats carry with them, run.
#pragma once

#include <string>
#include <vector>

#include "explain/rule_files.hpp"

namespace nixie {

/// An example that does not show what it should.
struct ExampleFailure {
    std::string where; ///< file:line of the example
    std::string id;    ///< of the rule, format or kind that it belongs to
    std::string text;  ///< the example
    std::string what;  ///< what happened instead: "decided by mailbox-full.quota (conf/rules/38-quota.toml:4)"
};

/// A rule of one's own that takes examples from built-in rules.
struct Takeover {
    const Rule* by;
    const Rule* from;      ///< the first rule that it takes an example from
    std::string text;      ///< that example
    std::size_t count = 0; ///< of all such examples
};

/// A rule that decides none of its own examples, since an earlier one does.
struct Overruled {
    const Rule* rule;
    const Rule* by;
};

struct ExamplesRun {
    std::size_t count = 0; ///< how many were run
    std::vector<ExampleFailure> failures;
    std::vector<Overruled> overruled;
    std::vector<Takeover> takeovers;
};

/// Runs the examples of what is one's own in `files`, and those of the built-in rules to see whether one's own take them. The
/// outcome looks into `files`, whose formats are used up. There must be no errors in it.
ExamplesRun run_examples(RuleFiles& files);

} // namespace nixie

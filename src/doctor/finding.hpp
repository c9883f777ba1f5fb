// What an examination found: for each thing that was looked at a mark, a sentence and, where something is to be done, what.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"

namespace nixie {

enum class Mark { ok, warning, problem, not_tried };

struct Finding {
    std::string subject; ///< what was looked at: "TLS"
    Mark mark = Mark::ok;
    std::string text;
    std::string remedy = {};
};
using Findings = std::vector<Finding>;

/// The findings about one mailbox, or about the installation.
struct Examination {
    std::string name;
    std::string about; ///< its URL and user; empty for the installation
    Findings findings;
};

std::string_view name(Mark mark);
/// A problem with the error's words; without the place, which the reader has before him.
Finding problem(std::string_view subject, const Error& error);
/// The gravest mark; a check that was not tried is none.
Mark gravest(const std::vector<Examination>& examinations);

} // namespace nixie

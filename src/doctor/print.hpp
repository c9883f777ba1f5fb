// Findings for a terminal and for programs.
#pragma once

#include <string>
#include <vector>

#include "doctor/finding.hpp"
#include "report/colour.hpp"

namespace nixie {

/// A line for each finding with its mark as a word, the remedy below; running text is at most `columns` wide.
std::string examination_text(const Examination& examination, std::size_t columns, Colours colours);
/// "2 problems, 1 warning", or that all is well.
std::string verdict_text(const std::vector<Examination>& examinations, Colours colours);
/// One object with everything.
std::string examinations_json(const std::vector<Examination>& examinations);

} // namespace nixie

// Explanations for people and for programs.
#pragma once

#include <cstddef>
#include <string>

#include "explain/explanation.hpp"

namespace nixie {

/// A heading (`title` for a message, else the codes or the line itself), then what it means and why, in lines of at most `columns`; ends with a line feed. No control
/// characters from the mail.
std::string explanation_text(const Explanation& explanation, const std::string& title, std::size_t columns);
/// One line of JSON, without its line feed.
std::string explanation_json(const Explanation& explanation, const std::string& title);

} // namespace nixie

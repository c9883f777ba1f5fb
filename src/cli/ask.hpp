// Questions to a person at a terminal; where there is none, what is missing is an error that names the option.
#pragma once

#include <string>

#include "nixie/result.hpp"

namespace nixie {

/// Whether someone can answer.
bool can_ask();

/// One line; just Enter means `usual`. `option` is how the answer could have been given.
Result<std::string> ask(const std::string& question, const std::string& usual, const std::string& option);

/// The same without echo and without a usual answer.
Result<std::string> ask_secret(const std::string& question, const std::string& option);

} // namespace nixie

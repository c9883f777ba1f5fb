// A judgement as JSON and as lines for a terminal.
#pragma once

#include <string>

#include "nixie/judge.hpp"

namespace nixie {

/// One line of JSON, without its line feed. `file` names the message. Members without a value are left out, but `kind` and
/// `recipients` are always there.
std::string judgement_json(const Judgement& judgement, const std::string& file);

/// A heading with kind and ground, then two lines a recipient; ends with a line feed. No control characters from the mail.
std::string judgement_text(const Judgement& judgement, const std::string& file);

} // namespace nixie

// A report that stands inside another message's text: forwarded, quoted, or pasted below a mailer's own frame.
#pragma once

#include <optional>

#include "evidence/prose.hpp"
#include "nixie/message.hpp"

namespace nixie {

/// The message within the text, without quote marks, from its header lines on (without any where there are none); nothing
/// where no line is quoted and no line says that a message follows.
std::optional<Message> embedded_message(const Prose& prose);

/// Does the sender answer to a message, rather than pass it on?
bool is_answer(const Headers& headers);

} // namespace nixie

// What moved or copied messages are called in their new folder: COPYUID (RFC 4315 section 3).
#pragma once

#include "mailbox/imap/parser.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

/// Adds what the code of a response tells, tagged or not (RFC 6851 sends it before the answer); nothing without the code.
/// What is not sound is passed over: it would give one message the name of another.
void read_copy_uid(const ImapResponse& response, Filed& filed);

} // namespace nixie

// What follows from an answer NO, BAD or BYE: the sort of Error, how long to wait, what a person can do.
#pragma once

#include "mailbox/imap/command.hpp"
#include "mailbox/imap/parser.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// For an answer NO or BAD, from its response code (RFC 5530) or, where the server gives none, its words.
Error refusal(const ImapCommand& command, const ImapResponse& answer);
/// For an untagged BYE that was not asked for.
Error farewell(const ImapResponse& bye);

} // namespace nixie

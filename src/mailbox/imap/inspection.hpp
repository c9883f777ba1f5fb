// What an account may do and how full it is, where the server tells (RFC 4314, RFC 9208).
#pragma once

#include <span>
#include <string>

#include "mailbox/imap/session.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

/// Adds rights and quota to `info`, in one flight. `folders` are names on the server, the inbox first; of very many only the
/// first are asked about. What a server refuses to tell stays unknown.
Result<void> inspect_account(ImapSession& session, std::span<const std::string> folders, MailboxInfo& info);

} // namespace nixie

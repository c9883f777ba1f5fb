// The beginning of a session after the login: who is there, what it can do, how it spells names, and the inbox.
#pragma once

#include <string>

#include "mailbox/imap/folders.hpp"
#include "mailbox/imap/select.hpp"
#include "mailbox/imap/session.hpp"

namespace nixie {

struct Introduction {
    std::string server; ///< "Dovecot 2.3" from the answer to ID; may be empty
    SelectedFolder inbox;
};

/// One round trip where the answer to the login told the capabilities, or what was announced before it tells enough; else two.
/// `inbox` is in UTF-8.
Result<Introduction> introduce(ImapSession& session, ImapFolders& folders, const std::string& inbox, Access access);

} // namespace nixie

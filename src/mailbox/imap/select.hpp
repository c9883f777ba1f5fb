// Selecting an IMAP folder and searching in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mailbox/imap/session.hpp"
#include "mailbox/imap/sets.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

/// A folder as SELECT or EXAMINE showed it.
struct SelectedFolder {
    std::string name; ///< on the server
    std::string validity;
    ImapUid uid_next = 0; ///< 0: not told
};

/// An Error also if the server gives only read access where change was asked for, or no UIDVALIDITY.
Result<SelectedFolder> select_folder(ImapSession& session, const std::string& name, Access access);

/// UIDs in the selected folder, ascending; with ESEARCH (RFC 4731) where it is offered: ranges instead of every number.
Result<std::vector<ImapUid>> search(ImapSession& session, std::string_view criteria);

} // namespace nixie

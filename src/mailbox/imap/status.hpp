// How folders look without selecting them: LIST-STATUS (RFC 5819), or a STATUS for each.
#pragma once

#include <span>
#include <vector>

#include "mailbox/imap/folders.hpp"
#include "mailbox/imap/session.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

/// Mailbox::look().
Result<std::vector<FolderState>> look_at_folders(ImapSession& session, const ImapFolders& folders,
                                                 std::span<const FolderPath> paths);

} // namespace nixie

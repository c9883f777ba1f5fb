// How folders look without selecting them: LIST-STATUS (RFC 5819), or a STATUS for each.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "mailbox/imap/folders.hpp"
#include "mailbox/imap/select.hpp"
#include "mailbox/imap/session.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

/// What else is asked in the round trip of look_at_folders().
struct AskedAlong {
    std::optional<FolderSearch> search; ///< in the selected folder, if that is wanted
    std::vector<ImapUid> found;
};

/// Mailbox::look(). In the same round trip `folders` learns which there are.
Result<std::vector<FolderState>> look_at_folders(ImapSession& session, ImapFolders& folders,
                                                 std::span<const FolderPath> paths, AskedAlong& along);

} // namespace nixie

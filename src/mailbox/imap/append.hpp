// Putting a message into a folder (APPEND).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "mailbox/imap/session.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// `folder` is the name on the server, `bytes` the message with any line ends: it is stored with CR LF. `flags` as in
/// "\\Seen $Junk", may be empty. Without `arrived` the server takes its own time. A folder that does not exist is an Error (refused), and is not created.
Result<void> append_message(ImapSession& session, const std::string& folder, std::string_view bytes,
                            std::string_view flags, std::optional<Time> arrived);

} // namespace nixie

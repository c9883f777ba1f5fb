// From a configured mailbox to one that can be opened.
#pragma once

#include <functional>
#include <memory>

#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// Fetches the password; does not connect yet. `stop` is asked while it connects to a server: whether to give up.
Result<std::unique_ptr<Mailbox>> make_mailbox(const MailboxConfig& config, std::function<bool()> stop = {});

/// The same, where only what is filed matters: of a POP3 mailbox the tree on this machine, without the server.
Result<std::unique_ptr<Mailbox>> make_filed_mailbox(const MailboxConfig& config);

} // namespace nixie

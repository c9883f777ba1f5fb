// From a configured mailbox to one that can be opened.
#pragma once

#include <memory>

#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// Fetches the password; does not connect yet.
Result<std::unique_ptr<Mailbox>> make_mailbox(const MailboxConfig& config);

} // namespace nixie

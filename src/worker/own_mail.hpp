// Mails that nixie puts into a mailbox itself.
#pragma once

#include <string>

#include "config/config.hpp"
#include "notify/compose.hpp"

namespace nixie {

/// From the mailbox's owner to the mailbox's owner. `id` is what stands before the '@' of its Message-ID.
MailHead own_mail(const MailboxConfig& mailbox, std::string subject, const std::string& id, Time now);

} // namespace nixie

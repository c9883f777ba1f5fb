// The keywords that filed messages carry, so that a mail client shows at a glance what they say.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "store/store.hpp"

namespace nixie {

/// "nixie-user-unknown" for a reason, "nixie-retry-1h" where another try waits for its window; a few of each message. Asked of
/// the journal, so that what an earlier pass recorded and did not file is marked too. Messages that say neither are left out.
Result<std::vector<Marking>> markings_of(Store& store, const MailboxConfig& mailbox, const std::string& validity,
                                         std::span<const std::string> uids);

} // namespace nixie

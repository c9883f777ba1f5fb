// The examinations: of each mailbox, and of the installation around them.
#pragma once

#include <string>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "doctor/finding.hpp"
#include "doctor/visit.hpp"

namespace nixie {

/// One check after the other; those after a broken link are not tried.
Examination examine_mailbox(const MailboxConfig& config, Writing writing, const Clock& clock);

/// Journal, disk, rules, outbox and whether a nixie is at work; writes nothing.
Examination examine_installation(const Config& config, const Clock& clock);

} // namespace nixie

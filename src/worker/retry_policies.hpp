// The retry clocks as the configuration has them.
#pragma once

#include "config/config.hpp"
#include "store/retry_policies.hpp"

namespace nixie {

inline RetryPolicies retry_policies(const Config& config) {
    RetryPolicies out(config.retry);
    for (const auto& mailbox : config.mailboxes)
        if (mailbox.retry != config.retry) out.set(mailbox.name, mailbox.retry);
    return out;
}

} // namespace nixie

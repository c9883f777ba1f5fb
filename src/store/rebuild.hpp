// A recipient's history made anew from all that is recorded of it: when something recorded earlier turns out otherwise.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <string>

#include "nixie/decision.hpp"
#include "store/retry_policies.hpp"

namespace nixie {

/// How a recipient stood before and after.
struct Rebuilt {
    History before, after;
    Decision last;       ///< on the newest report; of Action::none if there is none
    std::string mailbox; ///< by whose policy the clock runs; empty where no soft bounce is known
};

/// Inside the caller's transaction. Throws SQLite::Exception.
/// Decides again on every report about the recipient, and on what was done by command, in the order of arrival, each as of the
/// time when it was recorded, and puts state, windows and suppression where that leads. It begins with what retention has
/// kept of older reports. Rows that are set aside or held take no part.
Rebuilt rebuild(SQLite::Database& db, std::int64_t recipient, const RetryPolicies& policies);

} // namespace nixie

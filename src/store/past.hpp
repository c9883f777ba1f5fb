// What made a recipient's history, step by step, so that it can be gone through again.
#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nixie/decision.hpp"
#include "store/retry_policies.hpp"

namespace nixie {

/// A report, or what was done by a command.
struct PastStep {
    std::int64_t bounce = 0;       ///< 0: none, but an intervention
    std::int64_t intervention = 0; ///< 0: none
    Incident incident;             ///< of a report, or of "delivered"
    std::string command;           ///< of an intervention
    std::string mailbox;           ///< of the report; of an intervention that whose policy the clock runs by then
    Time at{};                     ///< when it was recorded
};

/// Those that are still there and take part, in the order of arrival.
std::vector<PastStep> past_of(SQLite::Database& db, std::int64_t recipient);

/// What the steps that retention has removed had led to.
History base_of(SQLite::Database& db, std::int64_t recipient);
void set_base(SQLite::Database& db, std::int64_t recipient, const History& base);

/// Decides on one step again, by the policy of its mailbox and as of the time when it was recorded.
Decision replay(const PastStep& step, const History& history, const RetryPolicies& policies);

} // namespace nixie

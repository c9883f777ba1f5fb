// Recipients on the retry clock, as queries find them.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <string>
#include <string_view>
#include <vector>

#include "store/recipients.hpp"
#include "store/records.hpp"
#include "store/retry_policies.hpp"

namespace nixie {

struct OnClock {
    RecipientRow row;
    DueRecipient due;
};

/// `where` may name recipients AS r, newest soft bounces AS b and their messages AS m.
std::string select_on_clock(std::string_view where);
OnClock on_clock_in(const SQLite::Statement& select, const RetryPolicies& policies, Time now);

/// Those whose window ends by `until`; what has settled since is left out.
std::vector<OnClock> select_due(SQLite::Database& db, const RetryPolicies& policies, Time now, Time until);

} // namespace nixie

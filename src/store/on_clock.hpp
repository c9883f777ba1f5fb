// Recipients on the retry clock, as queries find them.
#pragma once

#include <SQLiteCpp/Statement.h>

#include <string>
#include <string_view>

#include "store/recipients.hpp"
#include "store/records.hpp"

namespace nixie {

struct OnClock {
    RecipientRow row;
    DueRecipient due;
};

/// `where` may name recipients AS r, newest soft bounces AS b and their messages AS m.
std::string select_on_clock(std::string_view where);
OnClock on_clock_in(const SQLite::Statement& select, const RetryPolicy& policy, Time now);

} // namespace nixie

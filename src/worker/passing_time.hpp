// What a pass does for the journal after the mailbox: the retry clock goes on.
#pragma once

#include "base/clock.hpp"
#include "config/config.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"

namespace nixie {

/// Whether somebody is to be told of events.
inline Events events_wanted(const Config& config) { return config.notify.empty() ? Events::drop : Events::queue; }

/// Store::advance(), and the log of what it did.
Result<void> let_time_pass(Store& store, const Config& config, const Clock& clock);

} // namespace nixie

// Takes events from the journal's outbox to the outside, at least once each.
#pragma once

#include <functional>
#include <string>

#include "base/clock.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"

namespace nixie {

/// Runs `command` once for each event that is ready. Ends at the first one that fails and puts that off, so that events keep
/// their order; ends early, between two events, when `stop` says so. Only a journal that cannot be read or written is an error.
Result<void> deliver_events(Store& store, const std::string& command, const Clock& clock,
                            const std::function<bool()>& stop);

} // namespace nixie

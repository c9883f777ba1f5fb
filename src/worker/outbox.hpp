// Takes events from the journal's outbox to the outside, at least once each and by each way for itself.
#pragma once

#include "base/clock.hpp"
#include "config/config.hpp"
#include "nixie/result.hpp"
#include "notify/way.hpp"
#include "store/store.hpp"

namespace nixie {

/// Says of all new events by which of the configured ways they are to be told.
Result<void> address_events(Store& store, const Config& config, const Clock& clock);

/// How a round went.
struct Round {
    int delivered = 0;
    int failures = 0;          ///< in a row at its end
    bool gone = false;         ///< the receiver wants nothing any more
    std::optional<Error> last; ///< of the last failure
};

/// Tells all that `way` has to be told now, in order for each recipient. What fails is put off with backoff, or becomes a dead
/// letter once its tries are used up. Ends early when `stop` says so, or after a few failures in a row: the receiver is down.
/// With `gone` nothing is told and all become dead letters. Only a journal that cannot be read or written is an error.
Result<Round> deliver_by(Store& store, const NotifyConfig& config, Way& way, const Clock& clock, const StopAsked& stop,
                         bool gone = false);

} // namespace nixie

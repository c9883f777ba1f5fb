// What is told to the outside about one recipient's part of a message.
#pragma once

#include <string>
#include <vector>

#include "nixie/decision.hpp"
#include "store/store.hpp"

namespace nixie {

/// An event on its way into the outbox.
struct NewEvent {
    std::string key; ///< the same for the same fact, whoever records it
    std::string type;
    std::string body; ///< JSON
};

/// The events that follow from `bounce`, whose part of the message is of kind `kind`, and from the change of state from
/// `before` to that of `decision`; in the order in which they are to leave.
std::vector<NewEvent> events_of(const MessageRecord& message, const BounceRecord& bounce, Kind kind, State before,
                                const Decision& decision);

/// The events that follow when another verdict takes the place of an earlier one at `now`, by a person's answer or by newer
/// rules. `last` is the decision on the recipient's newest report, `state` where the recipient stood before.
std::vector<NewEvent> events_of_correction(const MessageRecord& message, const BounceRecord& bounce, State before,
                                           const Decision& last, Time now);

} // namespace nixie

// What is told to the outside about a recipient, and its way into the outbox.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

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

/// What became of `address` at `at` by a command or by time: one event, or none where nothing is to be told. `number` tells
/// apart what happens in the same second.
std::vector<NewEvent> events_without_report(const std::string& address, State before, const Decision& decision, Time at,
                                            std::int64_t number);

/// That another try is due: for people and their programs, or for who makes it. `cause`: why it was not made.
NewEvent due_event(const DueRecipient& recipient, Tries tries, const std::string& cause = {});

/// Puts events into the outbox, inside the caller's transaction. Throws SQLite::Exception.
class EventQueue {
  public:
    EventQueue(SQLite::Database& db, Events events, Time now);

    [[nodiscard]] bool wanted() const { return events_ == Events::queue; }
    /// `recipient` 0: of none. An event whose key was used before is left out.
    void add(const NewEvent& event, std::int64_t recipient);
    void add(const std::vector<NewEvent>& events, std::int64_t recipient) {
        for (const auto& event : events) add(event, recipient);
    }

  private:
    Events events_;
    Time now_;
    SQLite::Statement insert_;
};

} // namespace nixie

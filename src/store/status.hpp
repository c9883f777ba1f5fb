// How the mailboxes fare, and what lies in the journal that somebody should look at.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/time.hpp"
#include "store/digests.hpp"

namespace nixie {

/// What a mailbox is doing, or was doing when somebody last worked on it.
enum class MailboxState {
    working,     ///< a pass is under way
    idle,        ///< all went well; waits for new mail
    backing_off, ///< something failed; is tried again before long
    refused,     ///< the login was refused; is left alone for hours, lest the account be locked
    resting,     ///< the server asked to be left alone, or the day's bytes are used up
};

inline constexpr std::array<MailboxState, 5> mailbox_states{
    MailboxState::working, MailboxState::idle, MailboxState::backing_off, MailboxState::refused, MailboxState::resting};

/// "working", "idle", "backing-off", …
std::string_view name(MailboxState state);

/// One row of the table `mailboxes`.
struct MailboxStatus {
    std::string name;
    MailboxState state = MailboxState::idle;
    Time since{};
    std::optional<Time> last_success; ///< end of the last whole pass
    std::string last_error;           ///< empty once a pass went well
    int failures = 0;                 ///< in a row
    std::optional<Time> next_try;     ///< nothing where nobody planned one, as after a single pass
    std::string validity;
    std::int64_t waiting = 0;          ///< messages in the inbox not filed, as last seen
    std::optional<Time> waiting_since; ///< since when there was always one
    std::int64_t day = 0;              ///< of bytes_today: days of UTC since 1970
    std::int64_t bytes_today = 0;      ///< fetched
};

/// That, and what the journal's other tables say of the mailbox.
struct MailboxHealth {
    MailboxStatus status;
    std::int64_t unfiled = 0;           ///< recorded, but not moved yet
    std::optional<Time> oldest_unfiled; ///< when the oldest of those arrived
    std::int64_t quarantined = 0;       ///< messages ever

    /// Since when a message waits that is not filed, as far as anyone knows.
    [[nodiscard]] std::optional<Time> lag_since() const;
};

struct QuarantinedMessage {
    std::string mailbox, uid, folder;
    std::string cause;
    Time since{};
};

struct OutboxStatus {
    std::int64_t waiting = 0; ///< not delivered yet, each event once for each way
    std::int64_t failing = 0; ///< of those, tried and not taken
    std::optional<Time> next_try;
    std::string last_error;
    std::int64_t dead = 0; ///< given up
};

/// A time in which the sender itself seemed to be at fault.
struct Trouble {
    std::int64_t id = 0;
    std::string scope; ///< "reason", "provider", "mailing"
    std::string name;  ///< which one
    Time since{}, last_seen{};
    std::string what; ///< one sentence
    bool lasts = true;
    std::int64_t held = 0; ///< verdicts that wait for a person
};

struct JournalStatus {
    std::vector<MailboxHealth> mailboxes; ///< in the order of their names
    std::int64_t quarantined = 0;
    std::vector<QuarantinedMessage> quarantine; ///< the newest ones
    OutboxStatus outbox;
    std::int64_t recipients_due = 0;
    std::vector<DigestState> digests;
    std::optional<Time> next_due;  ///< of those that wait
    std::int64_t held = 0;         ///< verdicts that wait for a person
    std::vector<Trouble> troubles; ///< as Store::troubles() answers
};

} // namespace nixie

// Where one mailbox stands: what each thing that happens to it makes of that. No clock, no journal.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "nixie/result.hpp"
#include "nixie/time.hpp"
#include "store/status.hpp"
#include "worker/cycle.hpp"

namespace nixie {

/// What follows from a failure.
struct Setback {
    Duration delay{};    ///< until the next try
    int failures = 1;    ///< in a row
    bool is_news = true; ///< nobody was told yet: a refused login is told once
};

class Circuit {
  public:
    /// Goes on from what was noted last.
    explicit Circuit(MailboxStatus status)
        : status_(std::move(status)), after_refusal_(status_.state == MailboxState::refused) {}

    [[nodiscard]] const MailboxStatus& status() const { return status_; }

    /// Until when the mailbox must be left alone, because its server asked for that, its bytes are used up or its login was
    /// refused; nothing if not.
    [[nodiscard]] std::optional<Time> held_until(Time now) const;
    /// How many more bytes may be fetched today; `per_day` 0: as many as there are.
    [[nodiscard]] std::uint64_t allowance(std::uint64_t per_day, Time now) const;

    void began(Time now);
    /// What began was given up, and nothing came of it.
    void broke_off(Time now) { turn(before_, now); }
    /// Bytes were fetched.
    void fetched(std::size_t bytes, Time now);
    /// So many messages of the inbox are not filed yet.
    void waits(std::size_t messages, Time now);
    /// A pass came to its end; `next` is when the next one begins at the latest.
    void passed(const CycleSummary& summary, Time now, std::optional<Time> next);
    /// It failed, or could not begin. `jitter` as in backoff().
    Setback failed(const Error& error, Time now, double jitter);

  private:
    void turn(MailboxState state, Time now);

    MailboxStatus status_;
    MailboxState before_ = MailboxState::idle; ///< it was working
    bool after_refusal_;                       ///< no pass went well since a login was refused
    bool refusal_told_ = false;                ///< by this process
};

/// When the day of UTC after this one begins.
Time next_day(Time now);

} // namespace nixie

// The journal's row of one mailbox, kept up to date while somebody works on it.
#pragma once

#include <functional>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/result.hpp"
#include "store/store.hpp"
#include "worker/circuit.hpp"
#include "worker/cycle.hpp"

namespace nixie {

/// Not thread-safe. The references must outlive it.
class Chart {
  public:
    /// Goes on from the row that is there.
    static Result<Chart> open(Store& store, const MailboxConfig& mailbox, const Clock& clock);

    [[nodiscard]] const Circuit& circuit() const { return circuit_; }

    /// Somebody begins to work on it.
    Result<void> begin();
    /// One pass over the open mailbox, with this chart's store, budget and notes added to `context`. `next` is how long after
    /// its end the next one begins at the latest; nothing where nobody knows.
    Result<CycleSummary> pass(Mailbox& mailbox, CycleContext context, std::optional<Duration> next);
    /// Notes the failure. What the journal says to that is only logged: there is a worse error already.
    Setback fail(const Error& error, double jitter);
    /// The work was given up before the pass began: all is as it was.
    void break_off();

  private:
    Chart(Store& store, const MailboxConfig& mailbox, const Clock& clock, MailboxStatus status)
        : store_(store), mailbox_(mailbox), clock_(clock), circuit_(std::move(status)) {}

    Store& store_;
    const MailboxConfig& mailbox_;
    const Clock& clock_;
    Circuit circuit_;
};

/// One INFO line about a pass, and one for each folder that refused.
void log_pass(const std::string& mailbox, const CycleSummary& summary);

} // namespace nixie

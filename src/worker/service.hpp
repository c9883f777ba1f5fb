// Runs the configured mailboxes: each once, or each for ever.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "nixie/judge.hpp"
#include "nixie/result.hpp"
#include "worker/cycle.hpp"
#include "worker/stop.hpp"

namespace nixie {

/// How a mailbox fared in one pass.
struct MailboxOutcome {
    std::string mailbox;
    CycleSummary summary;
    std::optional<Error> failure; ///< it was not reached, or the pass was broken off
};

/// What both ways of running need. The references must outlive the run.
struct Run {
    const Config& config;
    const Judge& judge;
    const Clock& clock;
    const StopSignal& stop;
};

/// What a single pass shows while it runs; see CycleContext.
struct Watch {
    std::function<void(std::size_t done, std::size_t total)> progress = [](std::size_t, std::size_t) {};
    std::function<void(const Judgement&, const std::string& uid, const std::string& folder)> judged = {};
};

/// What a single pass over all mailboxes came to.
struct RunOutcome {
    std::vector<MailboxOutcome> mailboxes;
    std::optional<Error> events; ///< why the journal kept events from being delivered
};

/// One pass over every mailbox, one after the other; one that fails does not keep the others from their turn.
RunOutcome run_once(const Run& run, CycleMode mode, const Watch& watch);

/// A thread for each mailbox: a pass, then wait for new mail or the poll interval, until stopped. Failures are logged and
/// tried again after a backoff.
void run_service(const Run& run);

} // namespace nixie

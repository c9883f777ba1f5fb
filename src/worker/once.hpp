// A single pass over every mailbox.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "nixie/result.hpp"
#include "worker/cycle.hpp"
#include "worker/settings.hpp"
#include "worker/stop.hpp"

namespace nixie {

/// How a mailbox fared in one pass.
struct MailboxOutcome {
    std::string mailbox;
    CycleSummary summary;
    std::optional<Error> failure;   ///< it was not reached, or the pass was broken off
    std::optional<Time> held_until; ///< it was left alone: its login was refused, or it rests
};

/// What a single pass shows while it runs; see CycleContext. The calls for different mailboxes come from different threads;
/// `mailbox` is the place in the configuration.
struct Watch {
    std::function<void(std::size_t mailbox, std::size_t done, std::size_t total)> progress =
        [](std::size_t, std::size_t, std::size_t) {};
    std::function<void(std::size_t mailbox, const Judgement&, const std::string& uid, const std::string& folder)>
        judged = {};
};

enum class Held {
    respect, ///< a mailbox whose login was refused, or that rests, is left alone until its time; a message that failed too
    ignore,
};

struct OnceOptions {
    CycleMode mode = CycleMode::work;
    Held held = Held::respect;
};

/// What a single pass over all mailboxes came to.
struct RunOutcome {
    std::vector<MailboxOutcome> mailboxes; ///< in the order of the configuration
    std::vector<Error> failures;           ///< of what is done after the passes: events, metrics
};

/// Mailboxes side by side, a bounded number at a time: one that fails or hangs keeps no other from its turn. Ends early, with
/// what is in hand finished, when `signals` ask to stop.
RunOutcome run_once(const Settings& settings, const OnceOptions& options, const Clock& clock, const Signals& signals,
                    const Watch& watch);

} // namespace nixie

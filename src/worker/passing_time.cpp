#include "worker/passing_time.hpp"

#include "log/log.hpp"
#include "worker/digest.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {

Result<void> let_time_pass(Store& store, const Config& config, const Clock& clock) {
    const auto done = store.advance(retry_policies(config), clock.now(), events_wanted(config),
                                    config.tries() ? Tries::made : Tries::announced);
    if (!done) return done.error();
    if (done->due + done->recovered > 0)
        log(LogLevel::info, "the retry clock went on", {{"due", done->due}, {"recovered", done->recovered}});
    const auto pruned = store.prune({config.retention.messages, config.retention.events, config.retention.counts},
                                    retry_policies(config), clock.now());
    if (!pruned) return pruned.error();
    if (done->recorded_ahead)
        log(LogLevel::warning, "the clock was set back: the journal has records from a time still to come",
            {{"newest", format_time(*done->recorded_ahead)},
             {"remedy", "check the system's clock; reports are recorded and filed all the same"}});
    for (const auto& alert : done->alerts)
        log(LogLevel::warning, alert, {{"remedy", "verdicts that would suppress are held: see `nixie held list`"}});
    return tell_due_report(store, config, clock);
}

} // namespace nixie

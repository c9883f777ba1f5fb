#include "worker/outbox.hpp"

#include "log/log.hpp"
#include "notify/command_hook.hpp"
#include "worker/backoff.hpp"

namespace nixie {
namespace {

constexpr std::size_t events_at_once = 100;

} // namespace

Result<void> deliver_events(Store& store, const std::string& command, const Clock& clock,
                            const std::function<bool()>& stop) {
    for (;;) {
        auto events = store.outbox(events_at_once, clock.now());
        if (!events) return events.error();
        if (events->empty()) return {};
        for (const auto& event : *events) {
            if (stop()) return {};
            const auto told = run_command_hook(command, event.body);
            if (told) {
                if (auto noted = store.delivered(event.id, clock.now()); !noted) return noted;
                continue;
            }
            const auto again = clock.now() + backoff(told.error(), event.attempts + 1, 0);
            log(LogLevel::warning, told.error(), {{"event", event.key}, {"type", event.type}, {"next_try", again}});
            return store.failed(event.id, told.error().what, again);
        }
    }
}

} // namespace nixie

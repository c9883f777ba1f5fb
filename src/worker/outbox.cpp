#include "worker/outbox.hpp"

#include <spdlog/spdlog.h>

#include "notify/command_hook.hpp"
#include "worker/backoff.hpp"

namespace nixie {
namespace {

constexpr std::size_t events_at_once = 100;

} // namespace

Result<void> deliver_events(Store& store, const std::string& command, const Clock& clock) {
    for (;;) {
        auto events = store.outbox(events_at_once, clock.now());
        if (!events) return events.error();
        if (events->empty()) return {};
        for (const auto& event : *events) {
            const auto told = run_command_hook(command, event.body);
            if (told) {
                if (auto noted = store.delivered(event.id, clock.now()); !noted) return noted;
                continue;
            }
            spdlog::warn("event {} ({}) was not taken: {}", event.key, event.type, told.error().text());
            const auto again = clock.now() + backoff(told.error().code, event.attempts + 1, 0);
            return store.failed(event.id, told.error().what, again);
        }
    }
}

} // namespace nixie

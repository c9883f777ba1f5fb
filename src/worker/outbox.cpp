#include "worker/outbox.hpp"

#include <random>

#include "log/log.hpp"
#include "worker/backoff.hpp"

namespace nixie {
namespace {

constexpr std::size_t events_at_once = 100;
/// That many in a row, and the receiver is taken to be down.
constexpr int failures_at_once = 3;

double outbox_jitter() {
    thread_local std::minstd_rand source{std::random_device{}()};
    return std::uniform_real_distribution<double>{0, 1}(source);
}

/// When to try again; nothing: never.
std::optional<Time> next_try(const Delivery& delivery, const NotifyConfig& config, const Error& error, Time now) {
    const int failures = delivery.attempts + 1;
    if (error.code == ErrorCode::forbidden || failures >= config.attempts || now - delivery.since >= config.give_up)
        return std::nullopt;
    return now + std::max(Duration{1}, backoff(error, failures, outbox_jitter()));
}

Result<void> put_off(Store& store, const Delivery& delivery, const NotifyConfig& config, const Error& error, Time now) {
    const auto again = next_try(delivery, config, error, now);
    const auto& event = delivery.event;
    if (again)
        log(LogLevel::warning, error,
            {{"way", config.name}, {"event", event.key}, {"type", event.type}, {"next_try", *again}});
    else
        log(LogLevel::error, error,
            {{"way", config.name}, {"event", event.key}, {"type", event.type}, {"given_up", now}});
    return store.failed(delivery.id, error.what, now, again);
}

} // namespace

Result<void> address_events(Store& store, const Config& config, const Clock& clock) {
    std::vector<std::string> all;
    for (const auto& way : config.notify) all.push_back(way.name);
    if (auto given_up = store.only_ways(all, clock.now()); !given_up) return given_up.error();
    for (;;) {
        const auto events = store.outbox(events_at_once, clock.now());
        if (!events) return events.error();
        for (const auto& event : *events) {
            std::vector<std::string> ways;
            for (const auto& way : config.notify)
                if (way.wants(event.type, event.mailbox)) ways.push_back(way.name);
            if (auto done = store.address(event.id, ways, clock.now()); !done) return done;
        }
        if (events->size() < events_at_once) return {};
    }
}

Result<Round> deliver_by(Store& store, const NotifyConfig& config, Way& way, const Clock& clock, const StopAsked& stop,
                         bool gone) {
    Round round;
    round.gone = gone;
    const Time begun = clock.now(); // what fails is for another round
    while (round.failures < failures_at_once || round.gone) {
        const auto deliveries = store.deliveries(config.name, events_at_once, begun);
        if (!deliveries) return deliveries.error();
        if (deliveries->empty()) return round;
        for (const auto& delivery : *deliveries) {
            if (stop()) return round;
            const auto& event = delivery.event;
            const auto told =
                round.gone ? Result<void>(Error{ErrorCode::forbidden, "the receiver is gone for good", config.name})
                           : way.tell({event.key, event.type, event.body}, clock.now(), stop);
            if (!told && told.error().code == ErrorCode::interrupted) return round;
            if (!told && told.error().code == ErrorCode::busy && told.error().wait) {
                const Time again = clock.now() + *told.error().wait;
                if (auto put = store.postponed(delivery.id, again); !put) return put.error();
                break;
            }
            const auto noted = told ? store.delivered(delivery.id, clock.now())
                                    : put_off(store, delivery, config, told.error(), clock.now());
            if (!noted) return noted.error();
            round.failures = told ? 0 : round.failures + 1;
            if (told) {
                ++round.delivered;
                continue;
            }
            round.last = told.error();
            if (told.error().code == ErrorCode::forbidden) round.gone = true;
            break; // later events of the same recipient are to wait
        }
    }
    return round;
}

} // namespace nixie

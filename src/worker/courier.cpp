#include "worker/courier.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <optional>

#include "log/log.hpp"
#include "worker/backoff.hpp"
#include "worker/journal.hpp"
#include "worker/outbox.hpp"
#include "worker/ways.hpp"

namespace nixie {
namespace {

/// A way looks at the journal at least so often; it is told of news, but not of what people replay by command.
constexpr Duration longest_nap = std::chrono::minutes(1);

/// The way is made anew for each round, so that changed secrets are read.
Result<Round> round_of(const Config& config, const NotifyConfig& notify, const Clock& clock, const StopAsked& stop,
                       bool gone, Time& next) {
    auto store = open_journal(config, StoreAccess::write);
    if (!store) return store.error();
    const auto waiting = store->deliveries(notify.name, 1, clock.now());
    if (!waiting) return waiting.error();
    Round round;
    round.gone = gone;
    if (!waiting->empty()) {
        const auto way = make_way(notify, {*store, config});
        auto done = deliver_by(*store, notify, *way, clock, stop, gone);
        if (!done) return done;
        round = std::move(done).value();
    }
    const auto following = store->next_delivery(notify.name, clock.now());
    if (!following) return following.error();
    if (*following) next = std::min(next, **following);
    return round;
}

} // namespace

Courier::Courier(std::shared_ptr<const Settings> settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {
    for (const auto& way : settings_->config.notify) {
        news_.push_back(std::make_unique<Bell>());
        threads_.emplace_back([this, &way, &news = *news_.back()] { serve(way, news); });
    }
}

Courier::~Courier() {
    stop_.ring();
    for (auto& thread : threads_) thread.join();
}

void Courier::wake() const {
    for (const auto& bell : news_) bell->ring();
}

void Courier::serve(const NotifyConfig& way, const Bell& news) const {
    bool gone = false;
    int bad_rounds = 0;
    while (!stop_.rung()) {
        news.silence();
        Time next = clock_.now() + longest_nap;
        const auto round = round_of(
            config(), way, clock_, [this] { return stop_.rung(); }, gone, next);
        if (!round) log(LogLevel::error, round.error(), {{"what", "events"}, {"way", way.name}});
        if (round) gone = round->gone;
        const bool bad = !round || round->failures > 0;
        bad_rounds = bad ? bad_rounds + 1 : 0;
        auto nap = std::max(Duration{1}, next - clock_.now());
        // One event that fails holds up its recipient alone, a receiver that is down is left alone for a while.
        if (bad) nap = std::min(longest_nap, std::max(nap, backoff({ErrorCode::unavailable, ""}, bad_rounds, 0)));
        std::array<pollfd, 2> polls{{{stop_.fd(), POLLIN, 0}, {news.fd(), POLLIN, 0}}};
        ::poll(polls.data(), bad ? 1 : 2, static_cast<int>(std::chrono::milliseconds(nap).count()));
    }
}

Result<void> deliver_once(const Config& config, const Clock& clock, const Signals& signals) {
    std::mutex mutex;
    bool stopped = false;
    std::optional<Error> failure;
    const StopAsked stop = [&] {
        const std::lock_guard lock(mutex);
        stopped = stopped || signals.take() == Signals::Asked::to_stop;
        return stopped;
    };
    std::vector<std::thread> threads;
    for (const auto& way : config.notify)
        threads.emplace_back([&] {
            Time next = clock.now();
            const auto round = round_of(config, way, clock, stop, false, next);
            const std::lock_guard lock(mutex);
            if (!round) failure = round.error();
        });
    for (auto& thread : threads) thread.join();
    if (failure) return *failure;
    return {};
}

} // namespace nixie

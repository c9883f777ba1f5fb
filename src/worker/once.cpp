#include "worker/once.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <future>
#include <random>
#include <thread>

#include "log/log.hpp"
#include "worker/chart.hpp"
#include "worker/courier.hpp"
#include "worker/digest.hpp"
#include "worker/gate.hpp"
#include "worker/journal.hpp"
#include "worker/mailboxes.hpp"
#include "worker/metrics.hpp"
#include "worker/notes.hpp"
#include "worker/outbox.hpp"
#include "worker/passing_time.hpp"

namespace nixie {
namespace {

/// A dry run reads the journal where there is one and never makes it.
Result<std::optional<Store>> open_store(const Config& config, CycleMode mode) {
    auto store = open_journal(config, mode == CycleMode::work ? StoreAccess::write : StoreAccess::read);
    if (store) return std::optional<Store>(std::move(store).value());
    if (mode == CycleMode::dry_run && store.error().code == ErrorCode::input) return std::optional<Store>{};
    return store.error();
}

using Journal = Result<std::optional<Store>>;

class Pass {
  public:
    /// The thread that comes first uses `journal`.
    Pass(const Settings& settings, const OnceOptions& options, const Clock& clock, const Watch& watch, Journal& journal)
        : settings_(settings), options_(options), clock_(clock), watch_(watch), journal_(journal) {
        gate_.admit(settings.config.mailboxes);
        for (const auto& mailbox : settings.config.mailboxes) outcomes_.push_back({mailbox.name, {}, {}, {}});
    }

    std::vector<MailboxOutcome> run(const Signals& signals) {
        const auto& config = settings_.config;
        const auto threads = std::min(config.mailboxes.size(), static_cast<std::size_t>(config.mailboxes_at_once));
        running_ = threads;
        std::vector<std::thread> workers;
        for (std::size_t i = 0; i < threads; ++i)
            workers.emplace_back([this, i] {
                if (i == 0) return take_turns(journal_);
                auto own = open_store(settings_.config, options_.mode);
                take_turns(own);
            });
        std::array<pollfd, 2> polls{{{signals.fd(), POLLIN, 0}, {done_.fd(), POLLIN, 0}}};
        while (!done_.rung()) {
            ::poll(polls.data(), polls.size(), -1);
            while (true) {
                const auto asked = signals.take();
                if (asked == Signals::Asked::nothing) break;
                if (asked == Signals::Asked::to_stop) stop_.ring();
            }
        }
        for (auto& worker : workers) worker.join();
        return std::move(outcomes_);
    }

  private:
    void take_turns(Journal& journal) {
        for (std::size_t i = next_++; i < outcomes_.size() && !stop_.rung(); i = next_++) attend(i, journal);
        if (--running_ == 0) done_.ring();
    }

    void attend(std::size_t index, Journal& journal) {
        MailboxOutcome& outcome = outcomes_[index];
        auto summary = journal ? pass(index, journal->has_value() ? &**journal : nullptr, outcome) : journal.error();
        if (summary)
            outcome.summary = std::move(summary).value();
        else
            outcome.failure = summary.error();
    }

    /// `store` is null only in a dry run.
    Result<CycleSummary> pass(std::size_t index, Store* store, MailboxOutcome& outcome) {
        const MailboxConfig& config = settings_.config.mailboxes[index];
        CycleContext context{.mailbox = config,
                             .config = settings_.config,
                             .judge = settings_.judge,
                             .clock = clock_,
                             .mode = options_.mode};
        context.stop = [this] { return stop_.rung(); };
        if (options_.held == Held::ignore) context.pause = Duration{0};
        context.progress = [this, index](std::size_t done, std::size_t total) { watch_.progress(index, done, total); };
        if (watch_.judged)
            context.judged = [this, index](const Judgement& judgement, const std::string& uid,
                                           const std::string& folder) { watch_.judged(index, judgement, uid, folder); };
        if (options_.mode == CycleMode::dry_run) return dry_pass(config, store, context);

        auto chart = Chart::open(*store, config, clock_);
        if (!chart) return chart.error();
        if (options_.held == Held::respect) {
            outcome.held_until = chart->circuit().held_until(clock_.now());
            if (outcome.held_until) return CycleSummary{};
        }
        if (auto begun = chart->begin(); !begun) return begun.error();
        auto summary = connected(config, Access::change, [&](Mailbox& mailbox) {
            auto passed = chart->pass(mailbox, context, std::nullopt);
            if (!passed) return passed;
            put_due_report(mailbox, *store, settings_.config, config, clock_);
            put_notes(mailbox, *store, config, clock_);
            return passed;
        });
        if (summary) return summary;
        if (summary.error().code == ErrorCode::interrupted)
            chart->break_off();
        else
            chart->fail(summary.error(), jitter());
        return summary;
    }

    Result<CycleSummary> dry_pass(const MailboxConfig& config, Store* store, const CycleContext& context) {
        return connected(config, Access::examine, [&](Mailbox& mailbox) { return run_cycle(mailbox, store, context); });
    }

    template <class Work>
    Result<CycleSummary> connected(const MailboxConfig& config, Access access, const Work& work) {
        const auto leave = gate_.enter(config, stop_);
        if (!leave) return CycleSummary{};
        auto mailbox = make_mailbox(config, [this] { return stop_.rung(); });
        if (!mailbox) return mailbox.error();
        if (auto opened = (*mailbox)->open(access); !opened) return opened.error();
        auto summary = work(**mailbox);
        const auto closed = (*mailbox)->close();
        if (summary && !closed) return closed.error();
        return summary;
    }

    static double jitter() {
        std::random_device source;
        return std::uniform_real_distribution<double>{0, 1}(source);
    }

    const Settings& settings_;
    const OnceOptions& options_;
    const Clock& clock_;
    const Watch& watch_;
    Journal& journal_;
    ConnectionGate gate_;
    Bell stop_, done_;
    std::atomic<std::size_t> next_{0}, running_{0};
    std::vector<MailboxOutcome> outcomes_; ///< each written by the one thread that took its mailbox
};

} // namespace

RunOutcome run_once(const Settings& settings, const OnceOptions& options, const Clock& clock, const Signals& signals,
                    const Watch& watch) {
    const Config& config = settings.config;
    RunOutcome out;
    // Meanwhile the journal is opened and the servers answer.
    const auto judge = std::async(std::launch::async, [&settings] { static_cast<void>(settings.judge.get()); });
    // Who closes a journal last merges its log, which takes a while: this one stays open from the first to the last.
    auto journal = open_store(config, options.mode);
    out.mailboxes = Pass(settings, options, clock, watch, journal).run(signals);
    if (options.mode != CycleMode::work) return out;
    if (!journal) { // each mailbox says so already
        if (!config.notify.empty()) out.failures.push_back(journal.error());
        return out;
    }
    Store& store = **journal;
    auto done = let_time_pass(store, config, clock);
    if (done && !config.notify.empty()) done = address_events(store, config, clock);
    if (done && !config.notify.empty()) done = deliver_once(config, clock, signals);
    if (!done) out.failures.push_back(done.error());
    if (const auto written = write_metrics(config, clock); !written) out.failures.push_back(written.error());
    return out;
}

} // namespace nixie

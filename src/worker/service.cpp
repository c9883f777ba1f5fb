#include "worker/service.hpp"

#include <mutex>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "worker/backoff.hpp"
#include "worker/mailboxes.hpp"
#include "worker/outbox.hpp"

namespace nixie {
namespace {

CycleContext context_for(const Run& run, const MailboxConfig& mailbox) {
    return {.mailbox = mailbox, .config = run.config, .judge = run.judge, .clock = run.clock, .stop = [&run] {
                return run.stop.requested();
            }};
}

/// A dry run reads the journal where there is one and never makes it.
Result<std::optional<Store>> open_store(const Config& config, CycleMode mode) {
    auto store = Store::open(config.state, mode == CycleMode::work ? StoreAccess::write : StoreAccess::read);
    if (store) return std::optional<Store>(std::move(store).value());
    if (mode == CycleMode::dry_run && store.error().code == ErrorCode::input) return std::optional<Store>{};
    return store.error();
}

Result<CycleSummary> pass(const Run& run, const MailboxConfig& config, Store* store, CycleMode mode,
                          const Watch& watch) {
    auto mailbox = make_mailbox(config);
    if (!mailbox) return mailbox.error();
    const auto access = mode == CycleMode::work ? Access::change : Access::examine;
    if (auto opened = (*mailbox)->open(access); !opened) return opened.error();
    CycleContext context = context_for(run, config);
    context.mode = mode;
    context.progress = watch.progress;
    context.judged = watch.judged;
    auto summary = run_cycle(**mailbox, store, context);
    const auto closed = (*mailbox)->close();
    if (summary && !closed) return closed.error();
    return summary;
}

/// The life of one mailbox in a service.
class Attendant {
  public:
    Attendant(const Run& run, const MailboxConfig& config, std::mutex& events)
        : run_(run), config_(config), events_(events), random_(std::random_device{}()) {}

    void attend() {
        int failures = 0;
        while (!run_.stop.requested()) {
            const auto worked = work(failures);
            if (worked) return;
            ++failures;
            const auto delay = backoff(worked.error().code, failures, jitter_(random_));
            spdlog::error("{}: {}; trying again in {}", config_.name, worked.error().text(), format_duration(delay));
            if (run_.stop.wait(delay)) return;
        }
    }

  private:
    /// Opens the mailbox and stays with it. Ends well only when stopped; each finished pass sets `failures` back.
    Result<void> work(int& failures) {
        auto store = Store::open(run_.config.state, StoreAccess::write);
        if (!store) return store.error();
        auto mailbox = make_mailbox(config_);
        if (!mailbox) return mailbox.error();
        const CycleContext context = context_for(run_, config_);
        for (;;) {
            // POP3 sees new mail, and makes its deletions stick, only with a new session.
            if (!open_ || config_.protocol == Protocol::pop3)
                if (auto opened = reopen(**mailbox); !opened) return opened;
            auto summary = run_cycle(**mailbox, &*store, context);
            if (!summary) return fail(summary.error());
            report(*summary);
            failures = 0;
            if (config_.protocol == Protocol::pop3)
                if (auto closed = (*mailbox)->close(); !closed) return fail(closed.error());
            if (auto told = tell(*store); !told) return fail(told.error());
            auto woken = (*mailbox)->wait(config_.poll, run_.stop.fd());
            if (!woken) return fail(woken.error());
            if (*woken == Wake::stopped || run_.stop.requested()) {
                open_ = false;
                return (*mailbox)->close();
            }
        }
    }

    Result<void> reopen(Mailbox& mailbox) {
        auto opened = mailbox.open(Access::change);
        if (opened && !open_) spdlog::info("{}: connected", config_.name);
        open_ = opened.ok();
        return opened;
    }

    Error fail(const Error& error) {
        open_ = false;
        return error;
    }

    void report(const CycleSummary& summary) const {
        for (const auto& failure : summary.failures) spdlog::warn("{}: {}", config_.name, failure.text());
        if (summary.read + summary.filed == 0) return;
        spdlog::info("{}: {} read, {} filed, {} quarantined", config_.name, summary.read, summary.filed,
                     summary.quarantined);
    }

    /// One event at a time, whichever mailbox it came from: the command need not expect company.
    Result<void> tell(Store& store) {
        if (run_.config.notify_command.empty()) return {};
        const std::lock_guard lock(events_);
        return deliver_events(store, run_.config.notify_command, run_.clock);
    }

    const Run& run_;
    const MailboxConfig& config_;
    std::mutex& events_;
    std::minstd_rand random_;
    std::uniform_real_distribution<double> jitter_{0, 1};
    bool open_ = false;
};

} // namespace

RunOutcome run_once(const Run& run, CycleMode mode, const Watch& watch) {
    RunOutcome out;
    auto store = open_store(run.config, mode);
    for (const auto& mailbox : run.config.mailboxes) {
        MailboxOutcome outcome{mailbox.name, {}, {}};
        if (!store) {
            outcome.failure = store.error();
        } else if (!run.stop.requested()) {
            auto summary = pass(run, mailbox, *store ? &**store : nullptr, mode, watch);
            if (summary)
                outcome.summary = std::move(summary).value();
            else
                outcome.failure = summary.error();
        }
        out.mailboxes.push_back(std::move(outcome));
    }
    if (store && *store && mode == CycleMode::work && !run.config.notify_command.empty())
        if (const auto told = deliver_events(**store, run.config.notify_command, run.clock); !told)
            out.events = told.error();
    return out;
}

void run_service(const Run& run) {
    std::mutex events;
    std::vector<std::thread> threads;
    for (const auto& mailbox : run.config.mailboxes)
        threads.emplace_back([&run, &mailbox, &events] { Attendant(run, mailbox, events).attend(); });
    for (auto& thread : threads) thread.join();
}

} // namespace nixie

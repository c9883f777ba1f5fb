#include "worker/chart.hpp"

#include <array>
#include <mutex>

#include "log/log.hpp"

namespace nixie {

Result<Chart> Chart::open(Store& store, const MailboxConfig& mailbox, const Clock& clock) {
    auto noted = store.mailbox(mailbox.name);
    if (!noted) return noted.error();
    MailboxStatus status;
    status.name = mailbox.name;
    status.since = clock.now();
    return Chart(store, mailbox, clock, noted->value_or(std::move(status)));
}

Result<void> Chart::begin() {
    circuit_.began(clock_.now());
    return store_.note(circuit_.status());
}

Result<CycleSummary> Chart::pass(Mailbox& mailbox, CycleContext context, std::optional<Duration> next) {
    context.budget = circuit_.allowance(mailbox_.bytes_per_day, clock_.now());
    std::mutex both; // messages arrive on one thread and are recorded on another
    context.fetched = [&](std::size_t bytes) {
        const std::lock_guard lock(both);
        circuit_.fetched(bytes, clock_.now());
    };
    context.progress = [&, shown = std::move(context.progress)](std::size_t done, std::size_t total) {
        shown(done, total);
        const std::lock_guard lock(both);
        circuit_.waits(total - done, clock_.now());
        // Bytes that were fetched are counted even if the program ends before the pass does.
        if (done == 0 || done == total) return;
        if (const auto noted = store_.note(circuit_.status()); !noted) log(LogLevel::warning, noted.error());
    };
    auto summary = run_cycle(mailbox, &store_, context);
    if (!summary) return summary;
    std::vector<ErrorCode> causes;
    for (const auto& failure : summary->failures) causes.push_back(failure.code);
    if (auto counted = store_.count_errors(mailbox_.name, causes); !counted) return counted.error();
    const Time now = clock_.now();
    circuit_.passed(*summary, now, next ? std::optional(now + *next) : std::nullopt);
    if (auto noted = store_.note(circuit_.status()); !noted) return noted.error();
    return summary;
}

Setback Chart::fail(const Error& error, double jitter) {
    const Setback setback = circuit_.failed(error, clock_.now(), jitter);
    if (const auto noted = store_.note(circuit_.status()); !noted) log(LogLevel::warning, noted.error());
    const std::array causes{error.code};
    if (const auto counted = store_.count_errors(mailbox_.name, causes); !counted)
        log(LogLevel::warning, counted.error());
    return setback;
}

void Chart::break_off() {
    circuit_.broke_off(clock_.now());
    if (const auto noted = store_.note(circuit_.status()); !noted) log(LogLevel::warning, noted.error());
}

void log_pass(const std::string& mailbox, const CycleSummary& summary) {
    log(LogLevel::info, "pass done",
        {{"mailbox", mailbox},
         {"found", summary.found},
         {"read", summary.read},
         {"filed", summary.filed},
         {"quarantined", summary.quarantined},
         {"left", summary.left},
         {"bytes", summary.bytes}});
    for (const auto& failure : summary.failures) log(LogLevel::warning, failure, {{"mailbox", mailbox}});
}

} // namespace nixie

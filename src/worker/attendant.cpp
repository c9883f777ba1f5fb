#include "worker/attendant.hpp"

#include "log/log.hpp"
#include "worker/digest.hpp"
#include "worker/journal.hpp"
#include "worker/mailboxes.hpp"
#include "worker/notes.hpp"

namespace nixie {
namespace {

/// Servers drop connections now and then, and come back at once: a person need not be woken for the first time.
LogLevel loudness(const Setback& setback, const Error& error) {
    if (!setback.is_news) return LogLevel::debug;
    return setback.failures == 1 && error.code == ErrorCode::unavailable ? LogLevel::warning : LogLevel::error;
}

} // namespace

Attendant::Attendant(House& house, MailboxConfig config)
    : house_(house), config_(std::move(config)), random_(std::random_device{}()) {}

void Attendant::attend() {
    while (!stop.rung()) {
        pulse.promise(house_.patience);
        const auto worked = work();
        if (!worked && worked.error().code == ErrorCode::interrupted) {
            chart_->break_off();
            break;
        }
        const Duration pause = worked ? *worked : set_back(worked.error());
        show();
        wait(pause);
    }
    pulse.none();
    ended_ = true;
    house_.news.ring();
}

/// Connects and stays with the mailbox as long as all goes well. Answers how long to wait before connecting anew.
Result<Duration> Attendant::work() {
    if (auto prepared = prepare(); !prepared) return prepared.error();
    const Time now = house_.clock.now();
    // A refused login is tried at once by a new process, or after a reload: that is how a mended password is told.
    if (chart_->circuit().status().state == MailboxState::resting)
        if (const auto held = chart_->circuit().held_until(now)) return *held - now;
    pulse.none(); // it is for others to leave
    const auto leave = house_.gate.enter(config_, stop);
    if (!leave) return Duration{0};
    pulse.promise(house_.patience);
    if (auto begun = chart_->begin(); !begun) return begun.error();
    show();
    auto mailbox = make_mailbox(config_, [this] { return stop.rung(); });
    if (!mailbox) return mailbox.error();
    if (auto opened = (*mailbox)->open(Access::change); !opened) return opened.error();
    if (!was_connected_) log(LogLevel::info, "connected", {{"mailbox", config_.name}});
    was_connected_ = true;
    for (;;) {
        const auto pause = one_pass(**mailbox);
        if (!pause) return pause.error();
        if (*pause) return **pause;
        if (auto begun = chart_->begin(); !begun) return begun.error();
        show();
    }
}

Result<void> Attendant::prepare() {
    if (chart_) return {};
    auto store = open_journal(house_.settings()->config, StoreAccess::write);
    if (!store) return store.error();
    store_.emplace(std::move(store).value());
    auto chart = Chart::open(*store_, config_, house_.clock);
    if (!chart) return chart.error();
    chart_.emplace(std::move(chart).value());
    return {};
}

/// A pass and the wait after it. Nothing: the connection serves for the next pass; else how long to wait without one.
Result<std::optional<Duration>> Attendant::one_pass(Mailbox& mailbox) {
    const auto settings = house_.settings();
    CycleContext context{
        .mailbox = config_, .config = settings->config, .judge = settings->judge, .clock = house_.clock};
    context.stop = [this] { return stop.rung(); };
    context.alive = [this] { pulse.promise(house_.patience); };
    auto summary = chart_->pass(mailbox, std::move(context), config_.poll);
    if (!summary) return summary.error();
    log_pass(config_.name, *summary);
    if (summary->read > 0) house_.events.ring();
    put_due_report(mailbox, *store_, settings->config, config_, house_.clock);
    put_notes(mailbox, *store_, config_, house_.clock);
    show();
    return rest(mailbox);
}

Result<std::optional<Duration>> Attendant::rest(Mailbox& mailbox) {
    const Time now = house_.clock.now();
    const auto held = chart_->circuit().held_until(now);
    if (held || stop.rung() || !keeps_connection()) {
        if (auto closed = mailbox.close(); !closed) return closed.error();
        if (!held) return std::optional(config_.poll);
        log(LogLevel::warning, "the mailbox rests",
            {{"mailbox", config_.name}, {"why", chart_->circuit().status().last_error}, {"next_try", *held}});
        return std::optional<Duration>(*held - now);
    }
    pulse.promise(config_.poll + house_.patience);
    auto woken = mailbox.wait(config_.poll, stop.fd());
    pulse.promise(house_.patience);
    if (!woken) return woken.error();
    if (*woken != Wake::stopped && !stop.rung()) return std::optional<Duration>{};
    if (auto closed = mailbox.close(); !closed) return closed.error();
    return std::optional(Duration{0});
}

/// POP3 sees new mail, and makes its deletions stick, only with a new session.
bool Attendant::keeps_connection() const { return config_.protocol != Protocol::pop3 && !house_.gate.crowded(config_); }

Duration Attendant::set_back(const Error& error) {
    // The journal itself may be what failed.
    const Setback setback = chart_ ? chart_->fail(error, jitter_(random_)) : Setback{std::chrono::seconds(30), 2, true};
    was_connected_ = false;
    log(loudness(setback, error), error, {{"mailbox", config_.name}, {"next_try", house_.clock.now() + setback.delay}});
    if (error.code == ErrorCode::database) {
        chart_.reset();
        store_.reset();
    }
    return setback.delay;
}

void Attendant::wait(Duration duration) {
    pulse.promise(duration + house_.patience);
    static_cast<void>(stop.wait(duration));
}

void Attendant::show() {
    if (!chart_) return;
    state_ = chart_->circuit().status().state;
    house_.news.ring();
}

} // namespace nixie

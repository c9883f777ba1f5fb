#include "worker/circuit.hpp"

#include <limits>

#include "log/line.hpp"
#include "worker/backoff.hpp"

namespace nixie {
namespace {

std::int64_t day_of(Time now) { return std::chrono::floor<std::chrono::days>(now).time_since_epoch().count(); }

/// What the server said while it refused something, and how long it wants to be left alone for that.
const Error* longest_wait_in(const CycleSummary& summary) {
    const Error* longest = nullptr;
    for (const auto& failure : summary.failures)
        if (failure.wait && (!longest || *failure.wait > *longest->wait)) longest = &failure;
    return longest;
}

} // namespace

Time next_day(Time now) { return std::chrono::floor<std::chrono::days>(now) + std::chrono::days(1); }

std::optional<Time> Circuit::held_until(Time now) const {
    const bool held = status_.state == MailboxState::refused || status_.state == MailboxState::resting;
    if (!held || !status_.next_try || *status_.next_try <= now) return std::nullopt;
    return status_.next_try;
}

std::uint64_t Circuit::allowance(std::uint64_t per_day, Time now) const {
    if (per_day == 0) return std::numeric_limits<std::uint64_t>::max();
    const auto used = day_of(now) == status_.day ? static_cast<std::uint64_t>(status_.bytes_today) : 0;
    return used < per_day ? per_day - used : 0;
}

void Circuit::began(Time now) {
    if (status_.state != MailboxState::working) before_ = status_.state;
    turn(MailboxState::working, now);
}

void Circuit::fetched(std::size_t bytes, Time now) {
    if (status_.day != day_of(now)) {
        status_.day = day_of(now);
        status_.bytes_today = 0;
    }
    status_.bytes_today += static_cast<std::int64_t>(bytes);
}

void Circuit::waits(std::size_t messages, Time now) {
    status_.waiting = static_cast<std::int64_t>(messages);
    if (messages == 0)
        status_.waiting_since.reset();
    else if (!status_.waiting_since)
        status_.waiting_since = now;
}

void Circuit::passed(const CycleSummary& summary, Time now, std::optional<Time> next) {
    status_.last_success = now;
    status_.last_error.clear();
    status_.failures = 0;
    after_refusal_ = refusal_told_ = false;
    status_.validity = summary.validity;
    waits(summary.left, now);
    turn(MailboxState::idle, now);
    status_.next_try = next;
    if (!summary.failures.empty()) status_.last_error = log_text(summary.failures.front().text());
    if (const Error* const asked = longest_wait_in(summary)) {
        turn(MailboxState::resting, now);
        status_.last_error = log_text(asked->text());
        status_.next_try = now + backoff(*asked, 1, 0);
    }
    if (summary.budget_used) {
        turn(MailboxState::resting, now);
        status_.last_error = "the bytes of this day are used up";
        status_.next_try = next_day(now);
    }
}

Setback Circuit::failed(const Error& error, Time now, double jitter) {
    const bool refused = error.code == ErrorCode::refused_login;
    // An hour's wait belongs to refusals in a row, not to a refusal after a night without network.
    if (refused && !after_refusal_) status_.failures = 0;
    ++status_.failures;
    Setback out{backoff(error, status_.failures, jitter), status_.failures, !(refused && refusal_told_)};
    after_refusal_ = after_refusal_ || refused;
    refusal_told_ = refusal_told_ || refused;
    turn(refused ? MailboxState::refused : error.wait ? MailboxState::resting : MailboxState::backing_off, now);
    status_.last_error = log_text(error.text());
    status_.next_try = now + out.delay;
    return out;
}

void Circuit::turn(MailboxState state, Time now) {
    if (status_.state != state) status_.since = now;
    status_.state = state;
}

} // namespace nixie

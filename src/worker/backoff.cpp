#include "worker/backoff.hpp"

#include <algorithm>

namespace nixie {
namespace {

struct Schedule {
    Duration first;
    Duration longest;
};

constexpr Schedule usual{std::chrono::seconds(1), std::chrono::minutes(10)};
constexpr Schedule after_refused_login{std::chrono::hours(1), std::chrono::hours(24)};
/// No server can send a mailbox to sleep for longer.
constexpr Duration longest_wait = std::chrono::hours(24);
constexpr int most_doublings = 10;

Duration part_of(Duration whole, double part) {
    return Duration{static_cast<Duration::rep>(static_cast<double>(whole.count()) * part)};
}

} // namespace

Duration backoff(const Error& error, int failures, double jitter) {
    const Schedule& schedule = error.code == ErrorCode::refused_login ? after_refused_login : usual;
    const int doublings = std::clamp(failures - 1, 0, most_doublings);
    const Duration most = std::min(schedule.longest, schedule.first * (1 << doublings));
    // A locked account gains nothing from coming early.
    const Duration own = error.code == ErrorCode::refused_login ? most : most - part_of(most, 0.2 * jitter);
    if (!error.wait) return own;
    const Duration asked = std::clamp(*error.wait, Duration{0}, longest_wait);
    return std::max(own, asked + part_of(asked, 0.1 * jitter));
}

} // namespace nixie

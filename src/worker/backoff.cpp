#include "worker/backoff.hpp"

#include <algorithm>

namespace nixie {
namespace {

constexpr Duration first_delay = std::chrono::seconds(5);
constexpr Duration longest_delay = std::chrono::minutes(10);
constexpr Duration after_refused_login = std::chrono::hours(1);
constexpr int most_doublings = 10;

} // namespace

Duration backoff(ErrorCode code, int failures, double jitter) {
    if (code == ErrorCode::refused_login) return after_refused_login;
    const int doublings = std::clamp(failures - 1, 0, most_doublings);
    const Duration delay = std::min(longest_delay, first_delay * (1 << doublings));
    return delay - Duration{static_cast<Duration::rep>(static_cast<double>(delay.count()) * 0.2 * jitter)};
}

} // namespace nixie

#include "mailbox/waiting.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

namespace nixie {

Ready wait_for(int fd, short events, std::chrono::steady_clock::time_point until, int stop_fd) {
    using std::chrono::milliseconds;
    while (true) {
        const auto left = std::chrono::ceil<milliseconds>(until - std::chrono::steady_clock::now());
        const auto bounded = std::clamp(left, milliseconds{0}, milliseconds{std::numeric_limits<int>::max()});
        std::array<pollfd, 2> fds{{{fd, events, 0}, {stop_fd, POLLIN, 0}}}; // poll() passes over negative ones
        const int ready = poll(fds.data(), fds.size(), static_cast<int>(bounded.count()));
        if (ready < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (ready <= 0) return Ready::timeout;
        return fds[0].revents != 0 ? Ready::descriptor : Ready::stopped;
    }
}

std::chrono::steady_clock::time_point from_now(Duration timeout) {
    constexpr Duration longest = std::chrono::hours(24 * 365);
    return std::chrono::steady_clock::now() + std::clamp(timeout, Duration{0}, longest);
}

} // namespace nixie

// Waiting for a descriptor, a stop or the clock; signals do not end a wait.
#pragma once

#include <chrono>

#include "nixie/time.hpp"

namespace nixie {

enum class Ready {
    descriptor,
    stopped, ///< `stop_fd` is readable
    timeout,
};

/// Waits for `events` (of poll()) on `fd` or for `stop_fd`; either may be -1 and is then not waited for.
Ready wait_for(int fd, short events, std::chrono::steady_clock::time_point until, int stop_fd);

/// A negative duration is none; one longer than a year is a year.
std::chrono::steady_clock::time_point from_now(Duration timeout);

} // namespace nixie

#include "worker/stop.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <csignal>
#include <cstdint>
#include <limits>

namespace nixie {
namespace {

sigset_t handled_signals() {
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set, signal);
    return set;
}

} // namespace

Bell::Bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) { assert(fd_ >= 0); }

Bell::~Bell() { ::close(fd_); }

void Bell::ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(fd_, &one, sizeof one); // fails only where it is rung already
}

void Bell::silence() const {
    std::uint64_t count = 0;
    [[maybe_unused]] const auto taken = ::read(fd_, &count, sizeof count);
}

bool Bell::wait(Duration timeout) const {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(timeout).count();
    pollfd poll{fd_, POLLIN, 0};
    return ::poll(&poll, 1, static_cast<int>(std::clamp<long>(milliseconds, 0, std::numeric_limits<int>::max()))) > 0;
}

Signals::Signals() {
    const sigset_t set = handled_signals();
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    fd_ = ::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    assert(fd_ >= 0);
}

Signals::~Signals() {
    // Taken at last: what is still pending when the signals are let through again would end the process.
    while (take() != Asked::nothing) {
    }
    ::close(fd_);
    const sigset_t set = handled_signals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

Signals::Asked Signals::take() const {
    signalfd_siginfo taken{};
    if (::read(fd_, &taken, sizeof taken) != sizeof taken) return Asked::nothing;
    return taken.ssi_signo == SIGHUP ? Asked::to_reload : Asked::to_stop;
}

} // namespace nixie

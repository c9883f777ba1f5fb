// SIGTERM and SIGINT as a file descriptor that any number of threads may wait on.
#pragma once

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// While it lives, the two signals no longer end the process but make fd() readable for good. Make it before any thread.
class StopSignal {
  public:
    StopSignal();
    ~StopSignal();
    StopSignal(const StopSignal&) = delete;
    StopSignal& operator=(const StopSignal&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    [[nodiscard]] bool requested() const { return wait(Duration{0}); }
    /// Waits for a signal, at most `timeout`; whether there was one.
    [[nodiscard]] bool wait(Duration timeout) const;

  private:
    int fd_ = -1;
};

} // namespace nixie

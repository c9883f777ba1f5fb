// Descriptors that threads wait on to be told to stop: by another thread, or by a signal.
#pragma once

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Rung once by one thread, heard by any number of others, for good unless it is silenced.
class Bell {
  public:
    Bell();
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    void ring() const;
    void silence() const;
    [[nodiscard]] bool rung() const { return wait(Duration{0}); }
    /// Waits for it to be rung, at most `timeout`; whether it was.
    [[nodiscard]] bool wait(Duration timeout) const;

  private:
    int fd_ = -1;
};

/// While it lives, SIGTERM, SIGINT and SIGHUP no longer end the process but make fd() readable. Make it before any thread.
class Signals {
  public:
    Signals();
    ~Signals();
    Signals(const Signals&) = delete;
    Signals& operator=(const Signals&) = delete;

    [[nodiscard]] int fd() const { return fd_; }
    enum class Asked { nothing, to_reload, to_stop };
    /// Takes one of the signals that have come; Asked::nothing where none has.
    [[nodiscard]] Asked take() const;

  private:
    int fd_ = -1;
};

} // namespace nixie

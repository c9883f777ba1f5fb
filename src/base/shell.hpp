// A command for /bin/sh that runs beside us and never longer than it may.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// It leads a process group of its own and has the signal mask of a fresh process; what is left of the group is killed with
/// the object.
class ShellCommand {
  public:
    using TimePoint = std::chrono::steady_clock::time_point;

    /// The descriptors become its standard input and output; -1 leaves it ours. It may run for `timeout` from now.
    static Result<ShellCommand> start(const std::string& command, int input, int output, Duration timeout);

    ShellCommand(ShellCommand&& other) noexcept;
    ShellCommand& operator=(ShellCommand&&) = delete;
    ~ShellCommand();

    [[nodiscard]] TimePoint deadline() const { return deadline_; }
    /// Ends well if it exits with 0 in time; else the error says how it ended, without `where`. `stop`, asked several times
    /// a second, has it killed.
    Result<void> wait(const std::function<bool()>& stop = {});

  private:
    ShellCommand(pid_t child, Duration timeout);
    int reap();

    pid_t child_; ///< -1 when it has been waited for
    Duration timeout_;
    TimePoint deadline_;
};

/// For poll(): until then, none if that is past.
int milliseconds_until(std::chrono::steady_clock::time_point deadline);

} // namespace nixie

// Tells an event to a command of the user's.
#pragma once

#include <string>
#include <string_view>

#include "notify/way.hpp"

namespace nixie {

/// Runs `command` with /bin/sh, the event's JSON and a line feed on its standard input. It took the event if it ends with 0
/// within `timeout`; after that it is killed with all it started, and when `stop` says so.
Result<void> run_command_hook(const std::string& command, std::string_view json,
                              Duration timeout = std::chrono::seconds(30), const StopAsked& stop = {});

class CommandWay : public Way {
  public:
    CommandWay(std::string command, Duration timeout) : command_(std::move(command)), timeout_(timeout) {}
    Result<void> tell(const Telling& event, Time /*now*/, const StopAsked& stop) override {
        return run_command_hook(command_, event.body, timeout_, stop);
    }

  private:
    std::string command_;
    Duration timeout_;
};

} // namespace nixie

// Tells an event to a command of the user's.
#pragma once

#include <string>
#include <string_view>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Runs `command` with /bin/sh, the event's JSON and a line feed on its standard input. It took the event if it ends with 0
/// within `timeout`; after that it is killed with all it started.
Result<void> run_command_hook(const std::string& command, std::string_view json,
                              Duration timeout = std::chrono::seconds(30));

} // namespace nixie

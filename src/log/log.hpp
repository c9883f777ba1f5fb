// The program's log: who calls spdlog and who calls log() write the same lines.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "log/line.hpp"
#include "nixie/result.hpp"

namespace nixie {

inline constexpr const char* journal_socket = "/run/systemd/journal/socket";

/// Where lines go from now on, and how they look. To be called before any thread. Where standard error is the journal's
/// (JOURNAL_STREAM), lines carry their level as "<6>" (sd-daemon(3)). An error: the journal's socket takes nothing.
Result<void> set_up_log(const LogConfig& config, const std::string& journal = journal_socket);
/// May be called at any time.
void set_log_level(LogLevel level);

void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});
/// What failed as the message; where, and what to do, among the fields.
void log(LogLevel level, const Error& error, std::initializer_list<LogField> fields = {});

} // namespace nixie

// One line of the log in each of its forms.
#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "config/config.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// A value with its name, beside the message.
struct LogField {
    LogField(std::string_view key_, std::string_view text) : key(key_), value(text) {}
    LogField(std::string_view key_, Time time) : key(key_), value(format_time(time)) {}
    template <std::integral Number>
    LogField(std::string_view key_, Number number_)
        : key(key_), value(std::to_string(number_)), number(static_cast<std::int64_t>(number_)), is_number(true) {}

    std::string_view key; ///< in lower case with '_'; looks into the caller's text
    std::string value;
    std::int64_t number = 0;
    bool is_number = false;
};

struct LogLine {
    Time time{};
    LogLevel level = LogLevel::info;
    std::string_view message;
    std::span<const LogField> fields; ///< one called "mailbox" says whom it is about
};

/// "debug", …
std::string_view name(LogLevel level);
/// That of syslog: 3 for an error, …
int syslog_priority(LogLevel level);

/// Text on one line that moves no cursor and hides nothing: control characters, and those that turn the direction of
/// writing, become "\n", "\x1b", "\u202e"; what is no UTF-8 becomes U+FFFD; long text is cut. Secrets are hidden.
std::string log_text(std::string_view text);

/// Without a line end. For text and logfmt the time may be left to whoever takes the line.
enum class LogTime { shown, left_out };
std::string log_line(const LogLine& line, LogFormat format, LogTime time = LogTime::shown);
/// As the journal of systemd takes it (its native protocol): NAME=value, a line each.
std::string journal_entry(const LogLine& line);

} // namespace nixie

// Points in time, in whole seconds of UTC, and their spellings.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace nixie {

using Time = std::chrono::sys_seconds;
using Duration = std::chrono::seconds;

/// "2026-11-21T23:55:00Z".
std::string format_time(Time time);
/// The inverse of format_time(); nothing if `text` is anything else.
std::optional<Time> parse_time(std::string_view text);

/// RFC 5322 date-time, also in the obsolete and the commonly broken forms: missing weekday or seconds,
/// two-digit year, zone as name, trailing comment. Nothing if day, month, year or time are not there.
std::optional<Time> parse_mail_date(std::string_view text);

/// "90s", "5m", "1h", "1d", "1w": a whole number above zero and one unit. Nothing if anything else.
std::optional<Duration> parse_duration(std::string_view text);
/// The shortest exact spelling in one unit: 3600 s is "1h", 5400 s is "90m".
std::string format_duration(Duration duration);

} // namespace nixie

// Times and amounts as people read them; programs get format_time() and plain numbers.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

/// As format_time(), in the zone of whoever reads it (TZ): "2026-11-22T02:14:44+01:00", and with a Z where that is UTC.
std::string zoned_time(Time time);
/// Its first part: "2026-11-22".
std::string zoned_day(Time time);

/// "1 234 567", with narrow spaces at which no line breaks.
std::string grouped(std::int64_t number);
template <std::unsigned_integral Number>
std::string grouped(Number number) {
    return grouped(static_cast<std::int64_t>(number));
}
/// "1 message", "12 000 messages"; `thing` takes an s.
std::string number_of(std::int64_t count, std::string_view thing);
template <std::unsigned_integral Count>
std::string number_of(Count count, std::string_view thing) {
    return number_of(static_cast<std::int64_t>(count), thing);
}
/// Two units at most: "45s", "12m", "3h 5m", "2d 4h".
std::string rough_duration(Duration duration);
/// "480.1 kB", in powers of ten.
std::string bytes_text(std::int64_t bytes);
template <std::unsigned_integral Count>
std::string bytes_text(Count bytes) {
    return bytes_text(static_cast<std::int64_t>(bytes));
}

} // namespace nixie

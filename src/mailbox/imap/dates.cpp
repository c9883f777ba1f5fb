#include "mailbox/imap/dates.hpp"

#include <fmt/format.h>

#include <array>
#include <chrono>
#include <string_view>

namespace nixie {
namespace {

constexpr std::array<std::string_view, 12> imap_months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

} // namespace

std::string imap_date(Time time) {
    const std::chrono::year_month_day date{std::chrono::floor<std::chrono::days>(time)};
    return fmt::format("{}-{}-{:04}", static_cast<unsigned>(date.day()),
                       imap_months[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()));
}

std::string imap_date_time(Time time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::hh_mm_ss clock{time - day};
    const std::string date = imap_date(time);
    return fmt::format("{}{} {:02}:{:02}:{:02} +0000", date[1] == '-' ? "0" : "", date, clock.hours().count(),
                       clock.minutes().count(), clock.seconds().count());
}

} // namespace nixie

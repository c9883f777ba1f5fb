#include "nixie/time.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

#include "base/text.hpp"

namespace nixie {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

/// Reads numbers, words and marks off the front of a text.
class Scanner {
  public:
    explicit Scanner(std::string_view text) : rest_(text) {}

    std::optional<int> number() {
        skip_space();
        int value = 0;
        const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
        if (error != std::errc{} || value < 0) return std::nullopt;
        rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
        return value;
    }
    std::string_view word() {
        skip_space();
        std::size_t length = 0;
        while (length < rest_.size() && is_letter(rest_[length])) ++length;
        const auto word = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return word;
    }
    bool mark(char c) {
        skip_space();
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

  private:
    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    void skip_space() {
        while (!rest_.empty() && (rest_.front() == ' ' || rest_.front() == '\t')) rest_.remove_prefix(1);
    }
    std::string_view rest_;
};

std::optional<unsigned> month_number(std::string_view word) {
    constexpr std::array<std::string_view, 12> months{"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};
    for (unsigned i = 0; i < months.size(); ++i)
        if (starts_with_ignoring_case(word, months[i])) return i + 1;
    return std::nullopt;
}

/// RFC 5322 section 4.3: two and three digit years.
int full_year(int year) {
    if (year < 50) return year + 2000;
    return year < 1000 ? year + 1900 : year;
}

/// East of UTC. Names other than those of RFC 5322 section 4.3 say nothing reliable and count as UTC.
minutes zone_offset(Scanner& in) {
    const bool east = in.mark('+');
    if (east || in.mark('-')) {
        const auto hhmm = in.number();
        if (!hhmm || *hhmm > 2359) return minutes{0};
        const minutes offset = hours{*hhmm / 100} + minutes{*hhmm % 100};
        return east ? offset : -offset;
    }
    constexpr std::array<std::pair<std::string_view, int>, 8> names{
        {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}}};
    const auto word = in.word();
    for (const auto& [zone, offset] : names)
        if (equals_ignoring_case(word, zone)) return hours{offset};
    return minutes{0};
}

std::optional<Time> make_time(int year, unsigned month, int day, int hour, int minute, int second) {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || year < 1970 || year > 9999 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return Time{std::chrono::sys_days{date}} + hours{hour} + minutes{minute} + seconds{second};
}

constexpr std::array<std::pair<char, Duration>, 5> units{
    {{'w', days{7}}, {'d', days{1}}, {'h', hours{1}}, {'m', minutes{1}}, {'s', seconds{1}}}};

} // namespace

std::string format_time(Time time) {
    const auto day = std::chrono::floor<days>(time);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::array<char, 64> out{};
    const int length = std::snprintf(
        out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
        static_cast<int>(clock.minutes().count()), static_cast<int>(clock.seconds().count()));
    return {out.data(), static_cast<std::size_t>(length)};
}

std::optional<Time> parse_time(std::string_view text) {
    constexpr std::string_view shape = "dddd-dd-ddTdd:dd:ddZ";
    if (text.size() != shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        const bool digit = text[i] >= '0' && text[i] <= '9';
        if (shape[i] == 'd' ? !digit : text[i] != shape[i]) return std::nullopt;
    }
    const auto at = [&](std::size_t from, std::size_t length) {
        int value = 0;
        std::from_chars(text.data() + from, text.data() + from + length, value);
        return value;
    };
    return make_time(at(0, 4), static_cast<unsigned>(at(5, 2)), at(8, 2), at(11, 2), at(14, 2), at(17, 2));
}

std::optional<Time> parse_mail_date(std::string_view text) {
    Scanner in(text);
    in.word(); // weekday, or nothing
    in.mark(',');
    std::optional<int> day = in.number();
    in.mark('-');
    std::optional<unsigned> month;
    if (day) {
        month = month_number(in.word());
    } else { // asctime: "Wed Mar 21 22:20:23 2001"
        month = month_number(in.word());
        day = in.number();
    }
    if (!day || !month) return std::nullopt;
    in.mark('-');
    const auto third = in.number();
    if (!third) return std::nullopt;
    std::optional<int> year, hour;
    if (in.mark(':')) {
        hour = third;
    } else {
        year = full_year(*third);
        hour = in.number();
        if (!hour || !in.mark(':')) return std::nullopt;
    }
    const auto minute = in.number();
    if (!minute) return std::nullopt;
    const int second = in.mark(':') ? in.number().value_or(0) : 0;
    if (!year) {
        const auto last = in.number();
        if (!last) return std::nullopt;
        year = full_year(*last);
    }
    const auto local = make_time(*year, *month, *day, *hour, *minute, second);
    if (!local) return std::nullopt;
    return *local - zone_offset(in);
}

std::optional<Duration> parse_duration(std::string_view text) {
    if (text.size() < 2) return std::nullopt;
    int count = 0;
    const char* const end = text.data() + text.size() - 1;
    const auto [stop, error] = std::from_chars(text.data(), end, count);
    if (error != std::errc{} || stop != end || count <= 0) return std::nullopt;
    for (const auto& [unit, length] : units)
        if (*end == unit) return length * count;
    return std::nullopt;
}

std::string format_duration(Duration duration) {
    for (const auto& [unit, length] : units)
        if (duration >= length && duration % length == Duration{0}) return std::to_string(duration / length) + unit;
    return std::to_string(duration.count()) + "s";
}

} // namespace nixie

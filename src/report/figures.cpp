#include "report/figures.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>

#include <fmt/format.h>

namespace nixie {

std::string zoned_time(Time time) {
    const std::time_t seconds = time.time_since_epoch().count();
    std::tm local{};
    if (!::localtime_r(&seconds, &local) || local.tm_gmtoff == 0) return format_time(time);
    const long minutes = std::labs(local.tm_gmtoff) / 60;
    std::string out = format_time(time + Duration(local.tm_gmtoff));
    out.pop_back(); // the Z
    return out + fmt::format("{}{:02}:{:02}", local.tm_gmtoff < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string zoned_day(Time time) { return zoned_time(time).substr(0, 10); }

std::string grouped(std::int64_t number) {
    std::string digits = std::to_string(number);
    const std::size_t begin = digits.starts_with('-') ? 1 : 0;
    for (std::size_t at = digits.size(); at > begin + 3;) {
        at -= 3;
        digits.insert(at, "\xE2\x80\xAF");
    }
    return digits;
}

std::string number_of(std::int64_t count, std::string_view thing) {
    return fmt::format("{} {}{}", grouped(count), thing, count == 1 ? "" : "s");
}

std::string rough_duration(Duration duration) {
    struct Unit {
        Duration length;
        char letter;
    };
    constexpr std::array<Unit, 4> units{{{std::chrono::hours(24), 'd'},
                                         {std::chrono::hours(1), 'h'},
                                         {std::chrono::minutes(1), 'm'},
                                         {Duration{1}, 's'}}};
    duration = std::max(duration, Duration{0});
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (duration < units[i].length && units[i].letter != 's') continue;
        std::string out = fmt::format("{}{}", duration / units[i].length, units[i].letter);
        if (units[i].letter == 's' || units[i].letter == 'm') return out;
        const auto rest = duration % units[i].length / units[i + 1].length;
        return rest == 0 ? out : fmt::format("{} {}{}", out, rest, units[i + 1].letter);
    }
    return {};
}

std::string bytes_text(std::int64_t bytes) {
    constexpr std::array<std::string_view, 5> units{"B", "kB", "MB", "GB", "TB"};
    auto amount = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (amount >= 1000 && unit + 1 < units.size()) {
        amount /= 1000;
        ++unit;
    }
    return unit == 0 ? fmt::format("{} B", bytes) : fmt::format("{:.1f} {}", amount, units[unit]);
}

} // namespace nixie

#include "report/page/chart.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "report/figures.hpp"
#include "report/page/html.hpp"
#include "report/rate.hpp"

namespace nixie {
namespace {

constexpr double chart_width = 960;
constexpr double chart_height = 240;
constexpr double left_edge = 52; ///< room for the numbers of the scale
constexpr double top_edge = 12;
constexpr double base_line = 206; ///< below it stand the dates
constexpr double bar_units = 160;
constexpr int grid_lines = 4;
/// At most so many dates stand below the columns.
constexpr std::size_t most_labels = 10;

struct Layer {
    std::string_view name;
    std::int64_t TypeCounts::*count;
};
constexpr std::array<Layer, 3> layers{
    {{"hard", &TypeCounts::hard}, {"soft", &TypeCounts::soft}, {"blocked", &TypeCounts::blocked}}};

/// 1, 2 or 5 times a power of ten, so that `grid_lines` of them reach `most`.
std::int64_t grid_step(std::int64_t most) {
    std::int64_t power = 1;
    while (power * 10 * grid_lines <= most) power *= 10;
    for (const int factor : {1, 2, 5, 10})
        if (power * factor * grid_lines >= most) return power * factor;
    return power * 10;
}

std::string grid(std::int64_t step, double scale) {
    std::string out;
    for (int i = 0; i <= grid_lines; ++i) {
        const double y = base_line - static_cast<double>(step * i) * scale;
        out += fmt::format(R"(<line class="grid" x1="{:.0f}" x2="{:.0f}" y1="{:.1f}" y2="{:.1f}"/>)", left_edge,
                           chart_width, y, y);
        out += fmt::format(R"(<text x="{:.0f}" y="{:.1f}" text-anchor="end">{}</text>)", left_edge - 8, y + 4,
                           grouped(step * i));
    }
    return out;
}

std::string column(const GroupCount& day, double x, double width, double scale) {
    std::string out = fmt::format("<g><title>{}: {} hard, {} soft, {} blocked</title>", html(day.name),
                                  day.bounces.hard, day.bounces.soft, day.bounces.blocked);
    double y = base_line;
    for (const auto& layer : layers) {
        const double height = static_cast<double>(day.bounces.*layer.count) * scale;
        if (height <= 0) continue;
        y -= height;
        out += fmt::format(R"(<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", layer.name, x,
                           y, width, height);
    }
    return out + "</g>";
}

std::string zone(std::string_view shade, double from, double to) {
    return fmt::format(R"(<rect class="{} zone" x="{:.1f}%" width="{:.1f}%" y="18" height="14"/>)", shade, from,
                       to - from);
}

std::string scale_mark(const std::string& words, double at) {
    return fmt::format(R"(<line class="mark" x1="{0:.1f}%" x2="{0:.1f}%" y1="14" y2="36"/>)"
                       R"(<text x="{0:.1f}%" y="10" text-anchor="middle">{1}</text>)",
                       at, words);
}

/// Words of two that are near each other stand in rows of their own.
std::string pointer(std::string_view word, double at, int row) {
    return fmt::format(R"(<svg x="{0:.1f}%" y="18" overflow="visible"><circle class="{1}" cy="7" r="6"/>)"
                       R"(<text y="{2}" text-anchor="middle">{1}</text></svg>)",
                       at, word, 30 + 16 * row);
}

} // namespace

std::string day_chart(std::span<const GroupCount> days, std::string_view label) {
    std::int64_t most = 1;
    for (const auto& day : days) most = std::max(most, day.bounces.total());
    const std::int64_t step = grid_step(most);
    const double scale = (base_line - top_edge) / static_cast<double>(step * grid_lines);
    const double slot = (chart_width - left_edge) / static_cast<double>(std::max<std::size_t>(days.size(), 1));
    const double width = std::min(slot * 0.72, 56.0);
    const std::size_t every = (days.size() + most_labels - 1) / most_labels;

    std::string out = fmt::format(R"(<svg class="days" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)",
                                  chart_width, chart_height, html(label));
    out += grid(step, scale);
    for (std::size_t i = 0; i < days.size(); ++i) {
        const double middle = left_edge + slot * (static_cast<double>(i) + 0.5);
        out += column(days[i], middle - width / 2, width, scale);
        if (i % every == 0)
            out +=
                fmt::format(R"(<text x="{:.1f}" y="{:.0f}" text-anchor="middle">{}</text>)", middle, base_line + 20,
                            html(std::string_view(days[i].name).substr(std::min<std::size_t>(5, days[i].name.size()))));
    }
    return out + "</svg>";
}

std::string bar(const TypeCounts& counts, std::int64_t most) {
    std::string out = fmt::format(
        R"(<svg class="bar" viewBox="0 0 {:.0f} 10" preserveAspectRatio="none" aria-hidden="true">)", bar_units);
    double x = 0;
    for (const auto& layer : layers) {
        const double width =
            bar_units * static_cast<double>(counts.*layer.count) / static_cast<double>(std::max<std::int64_t>(most, 1));
        if (width <= 0) continue;
        out += fmt::format(R"(<rect class="{}" x="{:.2f}" y="0" width="{:.2f}" height="10"/>)", layer.name, x, width);
        x += width;
    }
    return out + "</svg>";
}

double rate_scale_end(const SenderPolicy& policy) { return 1.6 * policy.alarm; }

std::string rate_scale(const Tally& now, const Tally& before, const SenderPolicy& policy) {
    const double end = std::max({rate_scale_end(policy), 1.15 * rate_percent(now), 1.15 * rate_percent(before)});
    const double warn = 100.0 * policy.warn / end, alarm = 100.0 * policy.alarm / end;
    std::string out = fmt::format(R"(<svg class="scale" role="img" aria-label="Bounce rate {}, aim {} %, alarm {} %">)",
                                  rate_text(now), policy.warn, policy.alarm);
    out += zone("good", 0, warn) + zone("soft", warn, alarm) + zone("hard", alarm, 100);
    out += scale_mark(fmt::format("aim {} %", policy.warn), warn) +
           scale_mark(fmt::format("alarm {} %", policy.alarm), alarm);
    if (before.sent > 0) out += pointer("before", 100.0 * rate_percent(before) / end, 1);
    return out + pointer("now", 100.0 * rate_percent(now) / end, 0) + "</svg>";
}

std::string rate_bar(const Tally& tally, std::string_view shade, double most, const SenderPolicy& policy) {
    std::string out =
        fmt::format(R"(<svg class="bar" aria-hidden="true"><rect class="{}" width="{:.1f}%" height="100%"/>)", shade,
                    100.0 * rate_percent(tally) / most);
    for (const int mark : {policy.warn, policy.alarm})
        out += fmt::format(R"(<line class="mark" x1="{0:.1f}%" x2="{0:.1f}%" y1="0" y2="100%"/>)", 100.0 * mark / most);
    return out + "</svg>";
}

} // namespace nixie

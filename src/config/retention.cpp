#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {
namespace {

/// A shorter memory would count a message again that is dragged back, and forget days that thresholds count.
constexpr std::chrono::hours shortest{24};

std::optional<Duration> read_age(TableReader& in, std::string_view key, std::optional<Duration> fallback) {
    if (!in.has(key)) return fallback;
    if (in.text(key) == "forever") return std::nullopt;
    const Duration age = in.duration(key, shortest);
    if (age < shortest)
        in.complain(key, fmt::format("`{}` is shorter than a day", key), "keep it for longer, or \"forever\"");
    return age;
}

} // namespace

RetentionConfig read_retention(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[retention]", errors);
    RetentionConfig out;
    out.messages = read_age(in, "messages", out.messages);
    out.events = read_age(in, "events", out.events);
    out.counts = read_age(in, "counts", out.counts);
    in.refuse_other_keys();
    return out;
}

} // namespace nixie

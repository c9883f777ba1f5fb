#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {
namespace {

/// `key` in days, and `key`_within.
Threshold read_threshold(TableReader& in, const std::string& key, Threshold fallback) {
    Threshold out;
    out.days = static_cast<int>(in.integer(key, fallback.days, 0, most_threshold_days));
    const std::string within = key + "_within";
    out.within = in.duration(within, fallback.within);
    if (out.days > 0 && out.within < std::chrono::hours(24) * out.days)
        in.complain(in.has(within) ? within : key, fmt::format("{} days do not fit into `{}`", out.days, within),
                    "make it longer");
    return out;
}

void read_own(const toml::table& table, const std::string& file, std::vector<Error>& errors, Thresholds& thresholds) {
    TableReader all(table, file, "[thresholds.for]", errors);
    for (const auto& key : all.keys()) {
        const auto category = find_category(key);
        const auto* own = all.table(key);
        if (!category) {
            all.complain(key, fmt::format("`{}` is no category", key), "the README lists them");
            continue;
        }
        if (own == nullptr) continue;
        TableReader in(*own, file, fmt::format("[thresholds.for.{}]", key), errors);
        if (in.has("soft")) thresholds.soft_in[*category] = read_threshold(in, "soft", thresholds.soft);
        if (in.has("hard")) thresholds.hard_in[*category] = read_threshold(in, "hard", thresholds.hard);
        in.refuse_other_keys();
    }
}

} // namespace

Thresholds read_thresholds(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[thresholds]", errors);
    Thresholds thresholds;
    thresholds.soft = read_threshold(in, "soft", thresholds.soft);
    thresholds.hard = read_threshold(in, "hard", thresholds.hard);
    thresholds.replies_clear = in.boolean("replies_clear", thresholds.replies_clear);
    if (const auto* own = in.table("for")) read_own(*own, file, errors, thresholds);
    in.refuse_other_keys();
    return thresholds;
}

} // namespace nixie

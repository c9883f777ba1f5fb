#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {
namespace {

/// Lengths of time from short to long.
std::vector<Duration> read_windows(TableReader& in, std::string_view key) {
    std::vector<Duration> windows;
    for (const auto& text : in.texts(key)) {
        const auto window = parse_duration(text);
        if (!window) {
            in.complain(key, fmt::format("`{}` is no length of time", text),
                        fmt::format("write {} = [\"1h\", \"1d\", \"1w\"]", key));
        } else if (!windows.empty() && *window < windows.back()) {
            in.complain(key, "a window is shorter than the one before it", "order them from short to long");
        } else {
            windows.push_back(*window);
        }
    }
    return windows;
}

void read_windows_for(const toml::table& table, const std::string& parent, const std::string& file,
                      std::vector<Error>& errors, RetryPolicy& policy) {
    const std::string name = fmt::format("[{}.windows_for]", parent.substr(1, parent.size() - 2));
    TableReader in(table, file, name, errors);
    for (const auto& key : in.keys()) {
        if (const auto reason = find_reason(key))
            policy.windows_for_reason[*reason] = read_windows(in, key);
        else if (const auto category = find_category(key))
            policy.windows_for_category[*category] = read_windows(in, key);
        else
            in.complain(key, fmt::format("`{}` is neither a reason nor a category", key),
                        "the README lists both, as does `nixie rules list`");
    }
}

} // namespace

RetryPolicy read_retry(TableReader& in, const std::string& name, RetryPolicy base, const std::string& file,
                       std::vector<Error>& errors) {
    RetryPolicy policy = std::move(base);
    if (in.has("windows")) policy.windows = read_windows(in, "windows");
    if (const auto* others = in.table("windows_for")) read_windows_for(*others, name, file, errors, policy);
    policy.settle = in.duration("settle", policy.settle);
    return policy;
}

} // namespace nixie

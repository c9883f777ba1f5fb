#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {

RetryPolicy read_retry(const toml::table& table, const std::string& name, RetryPolicy base, const std::string& file,
                       std::vector<Error>& errors) {
    TableReader in(table, file, name, errors);
    RetryPolicy policy = std::move(base);
    if (in.has("windows")) {
        policy.windows.clear();
        for (const auto& text : in.texts("windows")) {
            const auto window = parse_duration(text);
            if (!window) {
                in.complain("windows", fmt::format("`{}` is no length of time", text),
                            "write windows = [\"1h\", \"1d\", \"1w\"]");
            } else if (!policy.windows.empty() && *window < policy.windows.back()) {
                in.complain("windows", "a window is shorter than the one before it", "order them from short to long");
            } else {
                policy.windows.push_back(*window);
            }
        }
    }
    policy.settle = in.duration("settle", policy.settle);
    in.refuse_other_keys();
    return policy;
}

} // namespace nixie

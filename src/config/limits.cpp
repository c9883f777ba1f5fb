#include "config/sections.hpp"

namespace nixie {
namespace {

constexpr std::int64_t least_fetch = 16 * 1024;
constexpr std::int64_t most_fetch = 16 * 1024 * 1024;

} // namespace

void read_limits(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config) {
    TableReader in(table, file, "[limits]", errors);
    config.fetch_bytes = static_cast<std::size_t>(
        in.integer("fetch_bytes", static_cast<std::int64_t>(config.fetch_bytes), least_fetch, most_fetch));
    config.attempts = static_cast<int>(in.integer("attempts", config.attempts, 1, 100));
    in.refuse_other_keys();
}

} // namespace nixie

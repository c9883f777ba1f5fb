#include <limits>

#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {
namespace {

constexpr std::int64_t least_fetch = 16 * 1024;
constexpr std::int64_t most_fetch = 16 * 1024 * 1024;
constexpr std::int64_t most_at_once = 1000;

} // namespace

std::uint64_t read_bytes_per_day(TableReader& in, std::uint64_t fallback, std::size_t fetch_bytes) {
    const auto bytes = static_cast<std::uint64_t>(
        in.integer("bytes_per_day", static_cast<std::int64_t>(fallback), 0, std::numeric_limits<std::int64_t>::max()));
    if (in.has("bytes_per_day") && bytes != 0 && bytes < fetch_bytes)
        in.complain("bytes_per_day", "`bytes_per_day` is less than one message may need",
                    fmt::format("give at least `fetch_bytes`, which is {}; 0 is no limit", fetch_bytes));
    return bytes;
}

void read_limits(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config) {
    TableReader in(table, file, "[limits]", errors);
    config.fetch_bytes = static_cast<std::size_t>(
        in.integer("fetch_bytes", static_cast<std::int64_t>(config.fetch_bytes), least_fetch, most_fetch));
    config.attempts = static_cast<int>(in.integer("attempts", config.attempts, 1, 100));
    config.connections_per_host =
        static_cast<int>(in.integer("connections_per_host", config.connections_per_host, 1, most_at_once));
    config.mailboxes_at_once =
        static_cast<int>(in.integer("mailboxes_at_once", config.mailboxes_at_once, 1, most_at_once));
    config.bytes_per_day = read_bytes_per_day(in, config.bytes_per_day, config.fetch_bytes);
    in.refuse_other_keys();
}

} // namespace nixie

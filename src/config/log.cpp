#include <array>

#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {
namespace {

template <class Value, std::size_t count>
Value read_choice(TableReader& in, std::string_view key,
                  const std::array<std::pair<std::string_view, Value>, count>& choices, Value fallback) {
    if (!in.has(key)) return fallback;
    const std::string text = in.text(key);
    std::vector<std::string> known;
    for (const auto& [name, value] : choices) {
        if (text == name) return value;
        known.push_back(fmt::format("\"{}\"", name));
    }
    in.complain(key, fmt::format("`{}` cannot be \"{}\"", key, text), fmt::format("use {}", fmt::join(known, " or ")));
    return fallback;
}

} // namespace

LogConfig read_log(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    using namespace std::string_view_literals;
    TableReader in(table, file, "[log]", errors);
    LogConfig log;
    log.format = read_choice(in, "format",
                             std::array{std::pair{"text"sv, LogFormat::text}, std::pair{"logfmt"sv, LogFormat::logfmt},
                                        std::pair{"json"sv, LogFormat::json}},
                             log.format);
    log.level =
        read_choice(in, "level",
                    std::array{std::pair{"debug"sv, LogLevel::debug}, std::pair{"info"sv, LogLevel::info},
                               std::pair{"warning"sv, LogLevel::warning}, std::pair{"error"sv, LogLevel::error}},
                    log.level);
    log.target = read_choice(
        in, "to",
        std::array{std::pair{"stderr"sv, LogTarget::standard_error}, std::pair{"journal"sv, LogTarget::journal}},
        log.target);
    in.refuse_other_keys();
    return log;
}

} // namespace nixie

#include "cli/since.hpp"

namespace nixie {

Result<Time> read_since(const std::string& text, Time now) {
    if (text.empty()) return Time{};
    if (const auto ago = parse_duration(text)) return now - *ago;
    if (const auto time = parse_time(text)) return *time;
    if (const auto day = parse_time(text + "T00:00:00Z")) return *day;
    return Error{ErrorCode::usage, "\"" + text + "\" is no day, time or length of time", "--since",
                 "write it as 2026-11-01, 2026-11-01T12:00:00Z or 7d"};
}

} // namespace nixie

#include "mailbox/pop3/message.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace nixie {
namespace {

bool continues_field(std::string_view rest) { return !rest.empty() && (rest.front() == ' ' || rest.front() == '\t'); }

/// The topmost field of that name ("Date:"), unfolded and without the name.
std::string header_field(std::string_view bytes, std::string_view name) {
    std::string_view line;
    while (next_line(bytes, line) && !line.empty()) {
        if (!starts_with_ignoring_case(line, name)) continue;
        std::string field(line.substr(name.size()));
        while (continues_field(bytes) && next_line(bytes, line)) field += line;
        return field;
    }
    return {};
}

} // namespace

std::optional<Time> stamped_arrival(std::string_view bytes) {
    const std::string received = header_field(bytes, "Received:");
    const auto stamp = received.rfind(';'); // RFC 5321 section 4.4
    if (stamp != std::string::npos)
        if (const auto time = parse_mail_date(std::string_view(received).substr(stamp + 1))) return time;
    return parse_mail_date(header_field(bytes, "Date:"));
}

std::uint64_t content_hash(std::string_view bytes, std::uint64_t before) { // FNV-1a
    for (const char c : bytes) before = (before ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return before;
}

std::string maildir_name(std::optional<Time> arrived, std::uint64_t hash) {
    constexpr Time unknown{std::chrono::seconds{1}};
    return fmt::format("{}.P{:016x}.nixie", arrived.value_or(unknown).time_since_epoch().count(), hash);
}

} // namespace nixie

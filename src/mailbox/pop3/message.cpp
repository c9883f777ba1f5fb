#include "mailbox/pop3/message.hpp"

#include <fmt/format.h>

#include <cstdint>

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

std::uint64_t fnv1a(std::string_view bytes, std::uint64_t hash) {
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

} // namespace

std::optional<Time> stamped_arrival(std::string_view bytes) {
    const std::string received = header_field(bytes, "Received:");
    const auto stamp = received.rfind(';'); // RFC 5321 section 4.4
    if (stamp != std::string::npos)
        if (const auto time = parse_mail_date(std::string_view(received).substr(stamp + 1))) return time;
    return parse_mail_date(header_field(bytes, "Date:"));
}

std::string maildir_name(std::string_view uid, std::string_view bytes) {
    constexpr std::uint64_t start = 0xcbf29ce484222325U;
    constexpr Time unknown{std::chrono::seconds{1}};
    // No security hangs on the hash: whoever stores under this name compares the bytes.
    const std::uint64_t hash = fnv1a(bytes, fnv1a(uid, start));
    const auto time = stamped_arrival(bytes).value_or(unknown);
    return fmt::format("{}.P{:016x}.nixie", time.time_since_epoch().count(), hash);
}

std::string with_unix_line_ends(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    while (true) {
        const auto end = bytes.find("\r\n");
        out += bytes.substr(0, end);
        if (end == std::string_view::npos) return out;
        out += '\n';
        bytes.remove_prefix(end + 2);
    }
}

} // namespace nixie

#include "log/line.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "log/secrets.hpp"

namespace nixie {
namespace {

/// Servers may send more than anybody wants to read.
constexpr std::size_t longest_text = 2000;

/// C0, DEL and C1; marks and overrides of direction; separators that some programs take for a line end.
bool is_treacherous(char32_t c) {
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
           (c >= 0x2066 && c <= 0x2069);
}

/// The character at the front of valid UTF-8, and its length.
std::pair<char32_t, std::size_t> first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<char32_t>(static_cast<unsigned char>(text[i])); };
    const char32_t lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    char32_t c = length == 1 ? lead : lead & (0xffU >> (length + 1));
    for (std::size_t i = 1; i < length && i < text.size(); ++i) c = (c << 6) | (byte(i) & 0x3f);
    return {c, std::min(length, text.size())};
}

std::string escaped(char32_t c) {
    if (c == '\n') return "\\n";
    if (c == '\r') return "\\r";
    if (c == '\t') return "\\t";
    const auto code = static_cast<std::uint32_t>(c);
    return c < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{:04x}", code);
}

/// In quotes unless it is one plain word.
std::string quoted(const std::string& value) {
    if (!value.empty() && value.find_first_of(" \"=\\") == std::string::npos) return value;
    std::string out = "\"";
    for (const char c : value) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

std::string text_line(const LogLine& line, LogTime time) {
    std::string out = time == LogTime::shown ? format_time(line.time) + " " : "";
    out += name(line.level);
    out += ' ';
    for (const auto& field : line.fields)
        if (field.key == "mailbox") out += log_text(field.value) + ": ";
    out += log_text(line.message);
    for (const auto& field : line.fields)
        if (field.key != "mailbox") out += fmt::format(" {}={}", field.key, quoted(log_text(field.value)));
    return out;
}

std::string logfmt_line(const LogLine& line, LogTime time) {
    std::string out = time == LogTime::shown ? fmt::format("time={} ", format_time(line.time)) : "";
    out += fmt::format("level={} msg={}", name(line.level), quoted(log_text(line.message)));
    for (const auto& field : line.fields) out += fmt::format(" {}={}", field.key, quoted(log_text(field.value)));
    return out;
}

std::string json_line(const LogLine& line) {
    nlohmann::ordered_json out;
    out["time"] = format_time(line.time);
    out["level"] = name(line.level);
    out["message"] = log_text(line.message);
    for (const auto& field : line.fields) {
        auto& value = out[std::string(field.key)];
        if (field.is_number)
            value = field.number;
        else
            value = log_text(field.value);
    }
    return out.dump();
}

} // namespace

std::string_view name(LogLevel level) {
    constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};
    return names[static_cast<std::size_t>(level)];
}

int syslog_priority(LogLevel level) {
    constexpr std::array<int, 4> priorities{7, 6, 4, 3};
    return priorities[static_cast<std::size_t>(level)];
}

std::string log_text(std::string_view text) {
    const std::string valid = to_valid_utf8(redacted(text));
    std::string out;
    for (std::string_view rest = clip(valid, longest_text); !rest.empty();) {
        const auto [c, length] = first_character(rest);
        if (is_treacherous(c))
            out += escaped(c);
        else
            out += rest.substr(0, length);
        rest.remove_prefix(length);
    }
    return valid.size() > longest_text ? out + " …" : out;
}

std::string log_line(const LogLine& line, LogFormat format, LogTime time) {
    switch (format) {
        case LogFormat::text:
            return text_line(line, time);
        case LogFormat::logfmt:
            return logfmt_line(line, time);
        case LogFormat::json:
            return json_line(line);
    }
    return {};
}

std::string journal_entry(const LogLine& line) {
    std::string message;
    for (const auto& field : line.fields)
        if (field.key == "mailbox") message = log_text(field.value) + ": ";
    message += log_text(line.message);
    std::string out =
        fmt::format("MESSAGE={}\nPRIORITY={}\nSYSLOG_IDENTIFIER=nixie\n", message, syslog_priority(line.level));
    for (const auto& field : line.fields)
        out += fmt::format("NIXIE_{}={}\n", to_upper(field.key), log_text(field.value));
    return out;
}

} // namespace nixie

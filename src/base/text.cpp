#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace nixie {
namespace {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
constexpr char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }
constexpr bool is_space_or_control(char c) { return (static_cast<unsigned char>(c) <= 0x20) || c == 0x7f; }

constexpr bool is_plain_ascii(char c) { return c != '\0' && static_cast<unsigned char>(c) < 0x80; }

/// Length of the valid UTF-8 sequence at the front of `text`, 0 if there is none (RFC 3629: no overlong forms, no surrogates).
std::size_t sequence_length(std::string_view text) {
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const auto continues = [&](std::size_t i) { return i < text.size() && (at(i) & 0xC0) == 0x80; };
    const unsigned char first = at(0);
    if (first < 0x80) return 1;
    if (first >= 0xC2 && first <= 0xDF) return continues(1) ? 2 : 0;
    if (first >= 0xE0 && first <= 0xEF) {
        if (!continues(1) || !continues(2)) return 0;
        if (first == 0xE0 && at(1) < 0xA0) return 0;
        if (first == 0xED && at(1) > 0x9F) return 0;
        return 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        if (!continues(1) || !continues(2) || !continues(3)) return 0;
        if (first == 0xF0 && at(1) < 0x90) return 0;
        if (first == 0xF4 && at(1) > 0x8F) return 0;
        return 4;
    }
    return 0;
}

/// Where the first LF or CR is, eight bytes at a time.
std::size_t line_end(std::string_view text) {
    constexpr std::uint64_t ones = 0x0101010101010101U;
    const auto holds_zero = [](std::uint64_t bytes) { return ((bytes - ones) & ~bytes & (ones << 7)) != 0; };
    std::size_t at = 0;
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if (holds_zero(eight ^ (ones * '\n')) || holds_zero(eight ^ (ones * '\r'))) break;
    }
    while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
    return at;
}

} // namespace

bool is_ascii(std::string_view bytes) {
    const char* at = bytes.data();
    std::size_t left = bytes.size();
    std::uint64_t seen = 0;
    for (; left >= sizeof seen; at += sizeof seen, left -= sizeof seen) {
        std::uint64_t word = 0;
        std::memcpy(&word, at, sizeof word);
        seen |= word;
    }
    for (; left > 0; ++at, --left) seen |= static_cast<unsigned char>(*at) & 0x80U;
    return (seen & 0x8080808080808080U) == 0;
}

bool is_utf8(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto length = sequence_length(bytes);
        if (length == 0) return false;
        bytes.remove_prefix(length);
    }
    return true;
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = lower(c);
    return out;
}

std::string to_upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), upper);
    return out;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
    return a.size() == b.size() &&
           std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() && equals_ignoring_case(text.substr(0, prefix.size()), prefix);
}

bool contains_ignoring_case(std::string_view text, std::string_view word) {
    for (auto at = text.find(word.front()); at != std::string_view::npos; at = text.find(word.front(), at + 1))
        if (starts_with_ignoring_case(text.substr(at), word)) return true;
    return false;
}

std::string_view trim(std::string_view text) {
    const auto is_space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
    std::size_t begin = 0;
    std::size_t end = text.size();
    while (begin < end && is_space(text[begin])) ++begin;
    while (begin < end && is_space(text[end - 1])) --end;
    return begin == end ? std::string_view() : text.substr(begin, end - begin);
}

std::string fold_space(std::string_view text) {
    std::string out(text.size(), '\0');
    char* to = out.data();
    bool after_space = true;
    for (const char c : text) {
        const bool space = is_space_or_control(c);
        if (space && after_space) continue;
        *to++ = space ? ' ' : c;
        after_space = space;
    }
    if (after_space && to != out.data()) --to;
    out.resize(static_cast<std::size_t>(to - out.data()));
    return out;
}

bool is_space_folded(std::string_view text) {
    bool after_space = true;
    for (const char c : text) {
        if (is_space_or_control(c) && (c != ' ' || after_space)) return false;
        after_space = c == ' ';
    }
    return text.empty() || !after_space;
}

std::string to_valid_utf8(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        std::size_t plain = 0;
        while (plain < text.size() && is_plain_ascii(text[plain])) ++plain;
        out += text.substr(0, plain);
        text.remove_prefix(plain);
        if (text.empty()) break;
        const std::size_t length = sequence_length(text);
        if (length == 0) {
            out += "\xEF\xBF\xBD";
            text.remove_prefix(1);
            continue;
        }
        if (text.front() != '\0') out += text.substr(0, length);
        text.remove_prefix(length);
    }
    return out;
}

std::string_view clip(std::string_view text, std::size_t bytes) {
    if (text.size() <= bytes) return text;
    while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
    return text.substr(0, bytes);
}

std::string printable(std::string_view text) {
    std::string out = to_valid_utf8(text);
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto c = static_cast<unsigned char>(out[i]);
        if ((c < 0x20 && c != '\n') || c == 0x7F) out[i] = '?';
        // C1 controls are U+0080 to U+009F: C2 80 to C2 9F.
        if (c == 0xC2 && i + 1 < out.size() && static_cast<unsigned char>(out[i + 1]) < 0xA0) out.replace(i, 2, "?");
    }
    return out;
}

bool next_line(std::string_view& rest, std::string_view& line) {
    if (rest.empty()) return false;
    const auto end = line_end(rest);
    line = rest.substr(0, end);
    const bool pair = end + 1 < rest.size() && rest[end] == '\r' && rest[end + 1] == '\n';
    rest.remove_prefix(std::min(end + (pair ? 2 : 1), rest.size()));
    return true;
}

} // namespace nixie

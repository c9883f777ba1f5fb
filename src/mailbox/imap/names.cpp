#include "mailbox/imap/names.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::string_view base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool is_printable(char c) { return c >= 0x20 && c <= 0x7e; }

/// Takes one character off the front of valid UTF-8.
char32_t next_character(std::string_view& utf8) {
    const auto first = static_cast<unsigned char>(utf8.front());
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    char32_t character = length == 1 ? first : first & (0x7Fu >> length);
    for (std::size_t i = 1; i < length; ++i)
        character = (character << 6) | (static_cast<unsigned char>(utf8[i]) & 0x3Fu);
    utf8.remove_prefix(length);
    return character;
}

void append_utf8(std::string& out, char32_t character) {
    const auto tail = [&](unsigned shift) { out += static_cast<char>(0x80 | ((character >> shift) & 0x3F)); };
    if (character < 0x80) {
        out += static_cast<char>(character);
    } else if (character < 0x800) {
        out += static_cast<char>(0xC0 | (character >> 6));
        tail(0);
    } else if (character < 0x10000) {
        out += static_cast<char>(0xE0 | (character >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | (character >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

void append_base64(std::string& out, const std::u16string& units) {
    std::uint32_t bits = 0;
    unsigned count = 0;
    out += '&';
    for (const char16_t unit : units) {
        bits = (bits << 16) | unit;
        for (count += 16; count >= 6; count -= 6) out += base64[(bits >> (count - 6)) & 0x3F];
    }
    if (count > 0) out += base64[(bits << (6 - count)) & 0x3F];
    out += '-';
}

std::optional<std::u16string> read_base64(std::string_view text) {
    std::u16string units;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto value = base64.find(c);
        if (value == std::string_view::npos) return std::nullopt;
        bits = (bits << 6) | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 16) continue;
        count -= 16;
        units += static_cast<char16_t>((bits >> count) & 0xFFFF);
    }
    const bool padded_with_zeros = count < 6 && (bits & ((1u << count) - 1)) == 0;
    return padded_with_zeros ? std::optional(units) : std::nullopt;
}

/// False at a lone surrogate.
bool append_utf16(std::string& out, const std::u16string& units) {
    for (std::size_t i = 0; i < units.size(); ++i) {
        char32_t character = units[i];
        if (character >= 0xDC00 && character <= 0xDFFF) return false;
        if (character >= 0xD800 && character <= 0xDBFF) {
            if (++i == units.size() || units[i] < 0xDC00 || units[i] > 0xDFFF) return false;
            character = 0x10000 + ((character - 0xD800) << 10) + (units[i] - 0xDC00u);
        }
        append_utf8(out, character);
    }
    return true;
}

} // namespace

std::string to_modified_utf7(std::string_view utf8) {
    const std::string valid = to_valid_utf8(utf8);
    std::string out;
    std::u16string units;
    for (std::string_view rest = valid; !rest.empty();) {
        const char c = rest.front();
        if (!is_printable(c)) {
            const char32_t character = next_character(rest);
            if (character >= 0x10000) {
                units += static_cast<char16_t>(0xD800 + ((character - 0x10000) >> 10));
                units += static_cast<char16_t>(0xDC00 + ((character - 0x10000) & 0x3FF));
            } else {
                units += static_cast<char16_t>(character);
            }
            if (!rest.empty() && !is_printable(rest.front())) continue;
            append_base64(out, units);
            units.clear();
            continue;
        }
        out += c == '&' ? "&-" : std::string(1, c);
        rest.remove_prefix(1);
    }
    return out;
}

std::string from_modified_utf7(std::string_view name) {
    std::string out;
    for (std::string_view rest = name; !rest.empty();) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c != '&') {
            out += c;
            continue;
        }
        const auto end = rest.find('-');
        if (end == std::string_view::npos) return std::string(name);
        if (end == 0) {
            out += '&';
        } else {
            const auto units = read_base64(rest.substr(0, end));
            if (!units || !append_utf16(out, *units)) return std::string(name);
        }
        rest.remove_prefix(end + 1);
    }
    return out;
}

std::string encode_name(std::string_view utf8, NameEncoding encoding) {
    return encoding == NameEncoding::utf8 ? to_valid_utf8(utf8) : to_modified_utf7(utf8);
}

std::string decode_name(std::string_view name, NameEncoding encoding) {
    return encoding == NameEncoding::utf8 ? std::string(name) : from_modified_utf7(name);
}

std::string join_folder(std::span<const std::string> levels, const ImapNamespace& space) {
    const std::string joint = space.separator.empty() ? "-" : space.separator;
    const char substitute = joint == "_" ? '-' : '_';
    std::string_view root = space.prefix; // the prefix as a level of its own
    if (!space.separator.empty() && root.ends_with(space.separator)) root.remove_suffix(1);

    std::string out = space.prefix;
    bool first = true;
    for (std::size_t i = 0; i < levels.size(); ++i) {
        std::string_view level = levels[i];
        if (i == 0 && !root.empty()) {
            const std::string prefix = decode_name(space.prefix, space.encoding);
            if (equals_ignoring_case(level, decode_name(root, space.encoding)))
                level = {};
            else if (starts_with_ignoring_case(level, prefix))
                level.remove_prefix(prefix.size());
        }
        if (level.empty()) continue;
        std::string name(level);
        if (!space.separator.empty()) std::replace(name.begin(), name.end(), space.separator[0], substitute);
        if (!first) out += joint;
        out += encode_name(name, space.encoding);
        first = false;
    }
    return out;
}

std::string show_folder(std::string_view name, std::string_view separator, NameEncoding encoding) {
    std::string out;
    while (!separator.empty()) {
        const auto end = name.find(separator);
        if (end == std::string_view::npos) break;
        out += decode_name(name.substr(0, end), encoding) + '/';
        name.remove_prefix(end + separator.size());
    }
    return out + decode_name(name, encoding);
}

std::string canonical_folder(std::string_view name, std::string_view separator) {
    constexpr std::string_view inbox = "INBOX";
    std::string out(name);
    const bool alone = name.size() == inbox.size();
    const bool first_level =
        !separator.empty() && name.substr(std::min(inbox.size(), name.size())).starts_with(separator);
    if (starts_with_ignoring_case(name, inbox) && (alone || first_level)) out.replace(0, inbox.size(), inbox);
    return out;
}

bool is_quotable(std::string_view text) { return std::all_of(text.begin(), text.end(), is_printable); }

std::string quote(std::string_view text) {
    assert(is_quotable(text));
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

} // namespace nixie

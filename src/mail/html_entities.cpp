#include "mail/html_entities.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace nixie {
namespace {

struct Entity {
    std::string_view name;
    std::uint32_t code;
};

/// Sorted by name. Those that mail clients and servers write; the no-break space is read as a plain one.
constexpr std::array<Entity, 104> entities = {{
    {"AElig", 0xC6},    {"Aacute", 0xC1},  {"Acirc", 0xC2},  {"Agrave", 0xC0},  {"Aring", 0xC5},    {"Atilde", 0xC3},
    {"Auml", 0xC4},     {"Ccedil", 0xC7},  {"Eacute", 0xC9}, {"Ecirc", 0xCA},   {"Egrave", 0xC8},   {"Euml", 0xCB},
    {"Iacute", 0xCD},   {"Icirc", 0xCE},   {"Igrave", 0xCC}, {"Iuml", 0xCF},    {"Ntilde", 0xD1},   {"Oacute", 0xD3},
    {"Ocirc", 0xD4},    {"Ograve", 0xD2},  {"Oslash", 0xD8}, {"Otilde", 0xD5},  {"Ouml", 0xD6},     {"Uacute", 0xDA},
    {"Ucirc", 0xDB},    {"Ugrave", 0xD9},  {"Uuml", 0xDC},   {"aacute", 0xE1},  {"acirc", 0xE2},    {"acute", 0xB4},
    {"aelig", 0xE6},    {"agrave", 0xE0},  {"amp", '&'},     {"apos", '\''},    {"aring", 0xE5},    {"atilde", 0xE3},
    {"auml", 0xE4},     {"bdquo", 0x201E}, {"bull", 0x2022}, {"ccedil", 0xE7},  {"cent", 0xA2},     {"colon", ':'},
    {"commat", '@'},    {"copy", 0xA9},    {"deg", 0xB0},    {"eacute", 0xE9},  {"ecirc", 0xEA},    {"egrave", 0xE8},
    {"emsp", ' '},      {"ensp", ' '},     {"euml", 0xEB},   {"euro", 0x20AC},  {"frac12", 0xBD},   {"gt", '>'},
    {"hellip", 0x2026}, {"iacute", 0xED},  {"icirc", 0xEE},  {"iexcl", 0xA1},   {"igrave", 0xEC},   {"iquest", 0xBF},
    {"iuml", 0xEF},     {"laquo", 0xAB},   {"larr", 0x2190}, {"ldquo", 0x201C}, {"lsaquo", 0x2039}, {"lsquo", 0x2018},
    {"lt", '<'},        {"mdash", 0x2014}, {"micro", 0xB5},  {"middot", 0xB7},  {"nbsp", ' '},      {"ndash", 0x2013},
    {"ntilde", 0xF1},   {"oacute", 0xF3},  {"ocirc", 0xF4},  {"ograve", 0xF2},  {"ordf", 0xAA},     {"ordm", 0xBA},
    {"oslash", 0xF8},   {"otilde", 0xF5},  {"ouml", 0xF6},   {"para", 0xB6},    {"period", '.'},    {"pound", 0xA3},
    {"quot", '"'},      {"raquo", 0xBB},   {"rarr", 0x2192}, {"rdquo", 0x201D}, {"reg", 0xAE},      {"rsaquo", 0x203A},
    {"rsquo", 0x2019},  {"sbquo", 0x201A}, {"sect", 0xA7},   {"shy", 0xAD},     {"szlig", 0xDF},    {"thinsp", ' '},
    {"times", 0xD7},    {"trade", 0x2122}, {"uacute", 0xFA}, {"ucirc", 0xFB},   {"ugrave", 0xF9},   {"uuml", 0xFC},
    {"yacute", 0xFD},   {"yen", 0xA5},
}};

constexpr bool by_name(const Entity& a, const Entity& b) { return a.name < b.name; }
static_assert(std::is_sorted(entities.begin(), entities.end(), by_name));

constexpr std::size_t longest_reference = 12;

void append_utf8(std::uint32_t code, std::string& out) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | code >> 18);
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

/// 0 for what is no number of a character.
std::uint32_t numbered(std::string_view digits) {
    const bool hex = !digits.empty() && (digits.front() == 'x' || digits.front() == 'X');
    if (hex) digits.remove_prefix(1);
    std::uint32_t code = 0;
    for (const char c : digits) {
        std::uint32_t digit = 16;
        if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
        if (hex && c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a' + 10);
        if (hex && c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A' + 10);
        if (digit == 16) return 0;
        code = code * (hex ? 16 : 10) + digit;
        if (code > 0x10FFFF) return 0;
    }
    if (code == 0xA0) return ' ';
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    return surrogate ? 0 : code;
}

std::uint32_t named(std::string_view name) {
    const auto* found = std::lower_bound(entities.begin(), entities.end(), Entity{name, 0}, by_name);
    return found != entities.end() && found->name == name ? found->code : 0;
}

} // namespace

void take_entity(std::string_view& rest, std::string& out) {
    const auto end = rest.substr(0, longest_reference).find(';');
    std::uint32_t code = 0;
    if (end != std::string_view::npos && end > 1)
        code = rest[1] == '#' ? numbered(rest.substr(2, end - 2)) : named(rest.substr(1, end - 1));
    rest.remove_prefix(code == 0 ? 1 : end + 1);
    append_utf8(code == 0 ? '&' : code, out);
}

} // namespace nixie

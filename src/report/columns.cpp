#include "report/columns.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"

namespace nixie {
namespace {

using Range = std::pair<char32_t, char32_t>;

/// Unicode's East Asian Width W and F, as blocks.
constexpr std::array<Range, 11> wide_ranges{{{0x1100, 0x115F},
                                             {0x2E80, 0x303E},
                                             {0x3041, 0x33FF},
                                             {0x3400, 0x4DBF},
                                             {0x4E00, 0x9FFF},
                                             {0xA000, 0xA4CF},
                                             {0xAC00, 0xD7A3},
                                             {0xF900, 0xFAFF},
                                             {0xFE30, 0xFE6F},
                                             {0xFF00, 0xFF60},
                                             {0x1F300, 0x1FAFF}}};
/// Combining marks, joiners and direction marks.
constexpr std::array<Range, 6> empty_ranges{
    {{0x0300, 0x036F}, {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x2069}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}}};

template <std::size_t Count>
bool is_in(const std::array<Range, Count>& ranges, char32_t c) {
    for (const auto& [first, last] : ranges)
        if (c >= first && c <= last) return true;
    return false;
}

/// Takes the first character off `text`, which is valid UTF-8; how wide it is.
std::size_t take_character(std::string_view& text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    std::size_t length = 1;
    while (length < text.size() && (byte(length) & 0xC0) == 0x80) ++length;
    char32_t c = length == 1 ? byte(0) : byte(0) & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) c = (c << 6) | (byte(i) & 0x3F);
    text.remove_prefix(length);
    if (is_in(empty_ranges, c)) return 0;
    return is_in(wide_ranges, c) ? 2 : 1;
}

} // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) width += take_character(text);
    return width;
}

std::string cut_to_width(std::string_view text, std::size_t columns) {
    if (display_width(text) <= columns) return std::string(text);
    if (columns == 0) return {};
    std::size_t width = 1; // of "…"
    std::string_view rest = text;
    for (;;) {
        std::string_view next = rest;
        width += take_character(next);
        if (width > columns) break;
        rest = next;
    }
    return std::string(text.substr(0, text.size() - rest.size())) + "…";
}

std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns) {
    const std::string clean = fold_space(printable(text));
    std::string out;
    std::size_t used = 0;
    std::string_view rest = clean;
    while (!rest.empty()) {
        const auto end = std::min(rest.find(' '), rest.size());
        const auto word = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        const std::size_t width = display_width(word);
        if (used > 0 && columns != any_width && used + 1 + width > columns) {
            out += "\n" + std::string(indent, ' ');
            used = 0;
        } else if (used > 0) {
            out += ' ';
            ++used;
        }
        out += word;
        used += width;
    }
    return out;
}

} // namespace nixie

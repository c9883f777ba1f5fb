#include "patterns/folding.hpp"

#include <array>
#include <cstring>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr unsigned char byte(char c) { return static_cast<unsigned char>(c); }

constexpr std::array<char, 256> lower_table = [] {
    std::array<char, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i)
        table[i] = static_cast<char>(i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i);
    return table;
}();

constexpr unsigned other_class = 63;

constexpr std::array<CharacterMask, 256> class_table = [] {
    constexpr std::string_view signs = "@:<>()\"'-_.,=*/#[]{}!?;&%+";
    std::array<CharacterMask, 256> table{};
    for (auto& mask : table) mask = CharacterMask{1} << other_class;
    for (unsigned i = 0; i < 26; ++i) table['a' + i] = table['A' + i] = CharacterMask{1} << i;
    for (unsigned i = 0; i < 10; ++i) table['0' + i] = CharacterMask{1} << (26 + i);
    for (unsigned i = 0; i < signs.size(); ++i) table[byte(signs[i])] = CharacterMask{1} << (36 + i);
    // The Kelvin sign and the long s are a k and an s to RE2.
    for (unsigned i = 0x80; i < 0x100; ++i) table[i] |= table['k'] | table['s'];
    return table;
}();

constexpr std::uint64_t high_bits = 0x8080808080808080U;

/// ASCII letters of eight bytes in lower case: no sum of seven bits runs over into the next byte.
constexpr std::uint64_t lower_eight(std::uint64_t bytes) {
    constexpr std::uint64_t each = 0x0101010101010101U;
    const auto low = bytes & ~high_bits;
    const auto from_a = low + each * (0x80 - 'A');
    const auto beyond_z = low + each * (0x7F - 'Z');
    return bytes | ((from_a & ~beyond_z & ~bytes & high_bits) >> 2);
}

/// Latin Extended-A, U+0100 to U+017F: pairs of capital and small letters, but for a few that stand alone or fold elsewhere.
constexpr bool is_extended_pair(std::uint32_t c) {
    return c >= 0x100 && c <= 0x17E && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149 && c != 0x178;
}
constexpr std::uint32_t lower_extended(std::uint32_t c) {
    const bool capitals_are_odd = (c >= 0x139 && c <= 0x148) || c >= 0x179;
    return is_extended_pair(c) && (c % 2 == 1) == capitals_are_odd ? c + 1 : c;
}

/// The two bytes of a Latin or Cyrillic letter, made lower case in place.
void fold_pair(char& lead, char& trail) {
    const unsigned char first = byte(lead);
    const unsigned char second = byte(trail);
    if ((first == 0xC4 || first == 0xC5) && second >= 0x80 && second <= 0xBF) {
        const auto small = lower_extended((first & 0x1FU) << 6 | (second & 0x3FU));
        lead = static_cast<char>(0xC0 | small >> 6);
        trail = static_cast<char>(0x80 | (small & 0x3FU));
    }
    if (first == 0xC3 && second >= 0x80 && second <= 0x9E && second != 0x97) trail = static_cast<char>(second + 0x20);
    if (first != 0xD0 || second < 0x80 || second > 0xAF) return;
    if (second >= 0x90 && second <= 0x9F) {
        trail = static_cast<char>(second + 0x20);
        return;
    }
    lead = '\xD1';
    trail = static_cast<char>(second >= 0xA0 ? second - 0x20 : second + 0x10);
}

} // namespace

void fold_case(std::string_view text, std::string& out) {
    out.resize(text.size());
    std::uint64_t seen = 0;
    std::size_t i = 0;
    for (std::uint64_t eight = 0; i + sizeof eight <= text.size(); i += sizeof eight) {
        std::memcpy(&eight, text.data() + i, sizeof eight);
        seen |= eight;
        eight = lower_eight(eight);
        std::memcpy(out.data() + i, &eight, sizeof eight);
    }
    for (; i < text.size(); ++i) {
        seen |= byte(text[i]);
        out[i] = lower_table[byte(text[i])];
    }
    if ((seen & high_bits) == 0) return;
    for (i = 0; i + 1 < out.size(); ++i) fold_pair(out[i], out[i + 1]);
}

std::string fold_case(std::string_view text) {
    std::string out;
    fold_case(text, out);
    return out;
}

bool folds_oddly(std::string_view text) {
    if (is_ascii(text)) return false;
    for (const std::string_view odd : {"\xC5\xBF", "\xE2\x84\xAA", "\xE1\xB2"})
        if (text.find(odd) != std::string_view::npos) return true;
    return false;
}

std::string utf8_of(std::uint32_t c) {
    const auto put = [](std::uint32_t byte) { return static_cast<char>(byte); };
    if (c < 0x80) return {put(c)};
    if (c < 0x800) return {put(0xC0 | c >> 6), put(0x80 | (c & 0x3F))};
    if (c < 0x10000) return {put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F))};
    return {put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F))};
}

bool folds_plainly(std::uint32_t c) {
    if (c < 0x80) return true;
    // Not the sharp s, the a with a ring and the y with two dots, which fold to letters elsewhere.
    if (c >= 0xC0 && c <= 0xFE) return c != 0xDF && c != 0xC5 && c != 0xE5;
    if (c >= 0xA0 && c < 0xC0) return c != 0xB5; // signs, and the micro sign, which is a Greek letter
    if (is_extended_pair(c)) return true;
    if (c >= 0x400 && c <= 0x45F) return true;
    if (c >= 0x2010 && c <= 0x2027) return true;                           // punctuation
    return (c >= 0x3000 && c <= 0x9FFF) || (c >= 0xAC00 && c <= 0xD7A3) || // Chinese, Japanese, Korean
           (c >= 0xFF00 && c <= 0xFF20);                                   // their punctuation
}

CharacterMask characters_of(std::string_view text) {
    CharacterMask out = 0;
    for (const char c : text) out |= class_table[byte(c)];
    return out;
}

} // namespace nixie

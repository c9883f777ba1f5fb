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

/// The two bytes of a Latin-1 or Cyrillic letter, made lower case in place.
void fold_pair(char& lead, char& trail) {
    const unsigned char first = byte(lead);
    const unsigned char second = byte(trail);
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

bool folds_plainly(std::uint32_t c) {
    if (c < 0x80) return true;
    // Not the sharp s, the a with a ring and the y with two dots, which fold to letters elsewhere.
    if (c >= 0xC0 && c <= 0xFE) return c != 0xDF && c != 0xC5 && c != 0xE5;
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

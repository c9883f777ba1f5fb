// The syntax of a pattern as a tree, as far as texts of ASCII are concerned.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// Some of the ASCII characters.
class AsciiSet {
  public:
    void add(unsigned char c) { bits_[c / 64] |= std::uint64_t{1} << (c % 64); }
    void add(const AsciiSet& other) {
        bits_[0] |= other.bits_[0];
        bits_[1] |= other.bits_[1];
    }
    void negate() {
        for (auto& bits : bits_) bits = ~bits;
    }
    /// `c` is ASCII.
    [[nodiscard]] bool has(unsigned char c) const { return (bits_[c / 64] >> (c % 64) & 1U) != 0; }
    bool operator==(const AsciiSet& other) const { return bits_ == other.bits_; }

  private:
    std::array<std::uint64_t, 2> bits_{};
};

struct Syntax {
    enum class Kind : std::uint8_t {
        set,      ///< one character
        sequence, ///< of `parts`; of nothing too
        choice,   ///< of `parts`, the first that leads to a match
        group,    ///< parts.front(), captured
        repeat,   ///< parts.front(), so many times
        begin,    ///< ^
        end,      ///< $
        text_begin,
        text_end,
        word_edge,
        no_word_edge
    };
    static constexpr int without_end = -1;

    Kind kind = Kind::sequence;
    bool lazy = false;
    int least = 0;
    int most = 0; ///< or without_end
    int group = 0;
    AsciiSet set{};
    std::vector<Syntax> parts{};
};

/// What RE2 would make of `pattern` without regard to case, for texts of ASCII; nothing where it is no pattern or holds what is
/// seldom used. `group_names` gets the names of the groups from 1 on, empty for those without.
std::optional<Syntax> syntax_of(std::string_view pattern, std::vector<std::string>& group_names);

} // namespace nixie

// The syntax of a pattern as a tree, for texts of UTF-8 that are compared byte by byte.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// Some bytes. As a set of characters: some of ASCII, and of the others all, by all of their bytes, or none.
class ByteSet {
  public:
    void add(unsigned char c) { bits_[c / 64] |= std::uint64_t{1} << (c % 64); }
    void add(const ByteSet& other) {
        for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] |= other.bits_[i];
    }
    void remove(const ByteSet& other) {
        for (std::size_t i = 0; i < bits_.size(); ++i) bits_[i] &= ~other.bits_[i];
    }
    void negate() {
        for (auto& bits : bits_) bits = ~bits;
    }
    [[nodiscard]] bool has(unsigned char c) const { return (bits_[c / 64] >> (c % 64) & 1U) != 0; }
    /// Has it any byte that is not of ASCII?
    [[nodiscard]] bool has_beyond() const { return (bits_[2] | bits_[3]) != 0; }
    /// Its characters of ASCII, folded by fold_case().
    [[nodiscard]] std::string folded() const;
    /// How many these are.
    [[nodiscard]] std::size_t folded_count() const {
        return static_cast<std::size_t>(std::popcount(folded_bits(0))) +
               static_cast<std::size_t>(std::popcount(folded_bits(1)));
    }
    bool operator==(const ByteSet& other) const { return bits_ == other.bits_; }

  private:
    /// Without capital letters.
    [[nodiscard]] std::uint64_t folded_bits(std::size_t word) const {
        constexpr std::uint64_t capitals = ((std::uint64_t{1} << 26) - 1) << ('A' - 64);
        return word == 1 ? bits_[1] & ~capitals : bits_[word];
    }

    std::array<std::uint64_t, 4> bits_{};
};

struct Syntax {
    enum class Kind : std::uint8_t {
        text,     ///< `text`, which is not empty
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
    std::string text{}; ///< folded by fold_case()
    ByteSet set{};
    std::vector<Syntax> parts{};
};

struct PatternSyntax {
    Syntax tree;
    std::vector<std::string> group_names; ///< from 1 on, empty for those without
    bool ascii_only = false;              ///< it says nothing of other texts
};

/// What `\s` stands for.
ByteSet white_space();

/// What RE2 would make of `pattern` without regard to case, for texts in which all but ASCII was folded by fold_case(), and which
/// do not fold oddly. Nothing where it is no pattern or holds what is seldom used.
std::optional<PatternSyntax> syntax_of(std::string_view pattern);

} // namespace nixie

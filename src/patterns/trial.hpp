// A pattern matched by trying one way after the other, which for most texts is far quicker than any automaton: the texts are
// short, and the patterns fail or match at once. It gives up after so many steps; RE2 does not.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patterns/syntax.hpp"

namespace nixie {

/// Thread-safe.
class Trial {
  public:
    enum class Outcome { no, yes, too_hard };
    enum class Lines { one, many }; ///< with many, `^` and `$` are the ends of each
    enum class Where { anywhere, whole };
    using Places = std::span<std::size_t>;

    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

    /// Nothing for a pattern of a syntax that is too rich or too large.
    static std::optional<Trial> of(std::string_view pattern);

    Trial(Trial&& other) noexcept;

    /// Of the groups from 1 on, empty for those without.
    [[nodiscard]] const std::vector<std::string>& group_names() const { return group_names_; }

    /// Looks for the match that RE2 finds in `text`. `places` gets where it and its groups begin and end, in pairs,
    /// as many as there is room for; `nowhere` for groups that took no part.
    [[nodiscard]] Outcome match(std::string_view text, Lines lines, Where where, Places places) const;

  private:
    enum class Op : std::uint8_t {
        text,   ///< these letters, without their case
        one,    ///< a character of `set`
        many,   ///< `least` to `most` characters of `set`
        either, ///< goes on at `to` or else at `other`
        select, ///< goes on at one of the steps that the next character allows: selections_[to]
        jump,
        save, ///< a group begins or ends
        begin,
        end,
        text_begin,
        text_end,
        word_edge,
        no_word_edge,
        done
    };
    struct Step {
        Op op;
        bool lazy;
        std::uint16_t set;
        std::uint16_t least, most;
        std::uint16_t to, other;
        /// Sets that the next character must be in to go on at `to` or `other`; for `many`, `next` is behind it. 0: any.
        std::uint16_t next, next_other;
    };
    static constexpr std::size_t beyond_ascii = 128;
    /// Where to go on, by the next character: those of ASCII, all others, the end of the text.
    using Selection = std::array<std::uint16_t, beyond_ascii + 2>; ///< where in targets_ the steps to try begin
    static constexpr std::uint16_t no_target = 0xFFFF;
    class Compiler;
    class Run;
    Trial() = default;

    std::vector<Step> steps_;
    std::vector<ByteSet> sets_; ///< the one at 0 is of nothing
    std::string texts_;         ///< small letters
    std::vector<Selection> selections_;
    std::vector<std::uint16_t> targets_; ///< lists of steps, each ended by no_target
    std::uint16_t first_ = 0;            ///< set of what a match begins with; 0: anything
    bool anchored_ = false;              ///< begins with `^`
    bool ascii_only_ = false;            ///< other texts are too hard
    std::vector<std::string> group_names_;
    mutable std::atomic<int> given_up_ = 0;
};

} // namespace nixie

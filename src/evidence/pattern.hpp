// Regular expressions as the formats use them: RE2 with one set of options, compiled once, linear in the text.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"

namespace re2 {
class RE2;
}

namespace nixie {

/// What a pattern can capture, by the name of its group.
enum class Group { whole, address, original, status, code, diagnostic, mta };
constexpr std::size_t group_count = 7;

/// The captures of one match. Views into the text that was searched; empty where a group took no part.
struct Groups {
    std::array<std::string_view, group_count> texts;
    [[nodiscard]] std::string_view operator[](Group group) const { return texts[static_cast<std::size_t>(group)]; }
};

/// One compiled pattern, without regard to case. Thread-safe.
class Pattern {
  public:
    /// The error's `what` says why `text` does not compile, or which group's name is unknown.
    static Result<Pattern> compile(const std::string& text);
    Pattern(Pattern&&) noexcept;
    Pattern& operator=(Pattern&&) noexcept;
    ~Pattern();

    [[nodiscard]] bool found_in(std::string_view text) const;
    [[nodiscard]] bool match(std::string_view text, Groups& groups) const;
    [[nodiscard]] bool anchored() const { return anchored_; }
    [[nodiscard]] bool captures(Group group) const { return index_[static_cast<std::size_t>(group)] >= 0; }

  private:
    Pattern(std::unique_ptr<re2::RE2> re, bool anchored);
    std::unique_ptr<re2::RE2> re_;
    bool anchored_;
    std::array<int, group_count> index_{}; ///< capture number of each Group, -1 for none
};

/// Many patterns searched for in one pass over a text. Thread-safe once compiled.
class PatternSet {
  public:
    PatternSet();
    PatternSet(PatternSet&&) noexcept;
    PatternSet& operator=(PatternSet&&) noexcept;
    ~PatternSet();

    /// Returns the pattern's number. The pattern must be one that Pattern::compile takes.
    std::size_t add(const std::string& pattern);
    void compile();
    /// One entry a pattern, in the order they were added.
    [[nodiscard]] std::vector<bool> found_in(std::string_view text) const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

/// Any of several, tried in their order.
class AnyOf {
  public:
    void add(Pattern pattern) { patterns_.push_back(std::move(pattern)); }
    [[nodiscard]] bool empty() const { return patterns_.empty(); }
    [[nodiscard]] bool all_capture(Group group) const;
    [[nodiscard]] bool found_in(std::string_view text) const;
    [[nodiscard]] bool match(std::string_view text, Groups& groups) const;
    /// As match(), for the rest of a line: patterns that begin with `^` do not count.
    [[nodiscard]] bool match_again(std::string_view text, Groups& groups) const;

  private:
    std::vector<Pattern> patterns_;
};

} // namespace nixie

// Regular expressions as the formats use them: by lines, with groups that are named for what they capture.
#pragma once

#include <array>
#include <bitset>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"
#include "patterns/regex_set.hpp"

namespace nixie {

/// What a pattern can capture, by the name of its group.
enum class Group { whole, address, original, status, code, diagnostic, mta, command };
constexpr std::size_t group_count = 8;

/// The captures of one match. Views into the text that was searched; empty where a group took no part.
struct Groups {
    std::array<std::string_view, group_count> texts;
    [[nodiscard]] std::string_view operator[](Group group) const { return texts[static_cast<std::size_t>(group)]; }
};

/// One pattern, without regard to case; `^` and `$` are ends of lines. Thread-safe.
class Pattern {
  public:
    /// The error's `what` says why `text` does not compile, or which group's name is unknown.
    static Result<Pattern> compile(const std::string& text);
    /// One that is known to be right, compiled when first needed.
    static Pattern trusted(const std::string& text);

    [[nodiscard]] bool found_in(std::string_view text) const { return regex_.found_in(text); }
    [[nodiscard]] bool match(std::string_view text, Groups& groups) const { return regex_.capture(text, groups.texts); }
    /// The same for one line whose marks are known, at much less cost where it is not there.
    [[nodiscard]] bool found_in(std::string_view line, const LineMarks& marks) const {
        return regex_.found_in(line, marks);
    }
    [[nodiscard]] bool match(std::string_view line, const LineMarks& marks, Groups& groups) const {
        return regex_.capture(line, marks, groups.texts);
    }
    /// From now on a Search of that set tells which lines the pattern may be in.
    void join(RegexSet& words) { line_number_ = words.add_line(regex_); }
    [[nodiscard]] bool may_be_in(const LineMarks& marks, const Search& words) const {
        return words.may_be_in(line_number_, marks.places);
    }
    [[nodiscard]] bool anchored() const { return anchored_; }
    [[nodiscard]] bool captures(Group group) const;

  private:
    explicit Pattern(const std::string& text);
    Regex regex_;
    bool anchored_;
    std::bitset<group_count> groups_;
    std::uint16_t line_number_ = RegexSet::no_line;
};

/// Any of several, tried in their order.
class AnyOf {
  public:
    void add(Pattern pattern) { patterns_.push_back(std::move(pattern)); }
    [[nodiscard]] bool empty() const { return patterns_.empty(); }
    [[nodiscard]] bool all_capture(Group group) const;
    /// In one line. With the words that a Search found in the text around it only the few patterns are tried whose words
    /// stand in the line.
    [[nodiscard]] bool found_in(std::string_view line, const LineMarks& marks) const;
    [[nodiscard]] bool found_in(std::string_view line, const LineMarks& marks, const Search& words) const;
    [[nodiscard]] bool match(std::string_view line, const LineMarks& marks, const Search& words, Groups& groups) const;
    /// As match(), for the rest of a line: patterns that begin with `^` do not count.
    [[nodiscard]] bool match_again(std::string_view text, Groups& groups) const;

  private:
    std::vector<Pattern> patterns_;
};

} // namespace nixie

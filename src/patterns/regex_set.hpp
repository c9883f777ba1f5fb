// Many patterns at once: one pass over a text finds those that it may match, so that few are compiled and tried.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "patterns/literal_index.hpp"
#include "patterns/regex.hpp"

namespace nixie {

/// Thread-safe once finished.
class RegexSet {
  public:
    /// Patterns of one group are looked for in the same texts.
    using Group = std::uint8_t;

    /// Returns the pattern's number: 0, 1, …
    std::size_t add(Regex regex, Group group = 0);
    /// A pattern that is kept elsewhere and tried on single lines of group 0's texts. Returns the number by which
    /// Search::may_be_in() tells in which; patterns that require no word have no_line.
    std::uint16_t add_line(const Regex& regex);
    static constexpr std::uint16_t no_line = 0xFFFF;
    /// To be called once, after the last of them.
    void finish();

    [[nodiscard]] std::size_t size() const { return regexes_.size(); }
    [[nodiscard]] const Regex& operator[](std::size_t number) const { return regexes_[number]; }

  private:
    friend class Search;

    /// What is asked of a word that is found, all in one place.
    struct Use {
        std::uint16_t regex;
        Group group;
        std::uint8_t list;  ///< a bit: the word is in this one of the lists (a OneOf) that the pattern requires,
        std::uint8_t lists; ///< and it requires all of these
        bool exact;         ///< Requirement::exact
        Edge front, back;
        bool in_lines = false; ///< `regex` is a number of add_line()
    };
    void add_words(const OneOf& words, const Use& use);

    std::vector<Regex> regexes_;
    std::vector<Group> groups_; ///< of each pattern
    struct Without {
        std::uint16_t regex;
        Group group;
    };
    std::vector<Without> without_word_; ///< patterns that require nothing
    /// The uses of each word, and after finish() the same in one piece: from first_use_[word] on.
    std::vector<std::vector<Use>> uses_of_word_;
    std::vector<Use> uses_;
    std::vector<std::uint32_t> first_use_;
    LiteralIndex literals_;
    std::uint16_t lines_ = 0; ///< numbers given by add_line()
};

/// Which patterns of a set are in some texts; each found out when first asked for. Not for two threads at a time.
class Search {
  public:
    enum class Chance : std::uint8_t { none, some, sure };

    /// Looks at the set, and later at the texts, for as long as it lives.
    explicit Search(const RegexSet& set) : set_(set), states_(set.size(), 0), places_(set.lines_, 0) {
        candidates_.reserve(64);
    }

    /// One pass over `text`, for the patterns of that group.
    void look_at(std::string_view text, RegexSet::Group group = 0);

    /// The patterns that may be found, each once, in no order.
    [[nodiscard]] const std::vector<std::uint16_t>& candidates() const { return candidates_; }
    /// `none` and `sure` are never wrong.
    [[nodiscard]] Chance chance(std::size_t number) const;
    [[nodiscard]] bool found(std::size_t number) const;
    /// Whether the line at those places of the text may match a pattern of RegexSet::add_line(). `false` is never wrong.
    [[nodiscard]] bool may_be_in(std::uint16_t line_number, Places line) const {
        return line_number == RegexSet::no_line || line == unknown_places || (places_[line_number] & line) != 0;
    }

  private:
    struct Text {
        std::string_view text;
        RegexSet::Group group;
    };
    void note(std::uint16_t number, std::uint8_t state);
    [[nodiscard]] bool edges_hold(const RegexSet::Use& use, const LiteralIndex::Hit& hit, std::string_view text) const;

    const RegexSet& set_;
    std::vector<Text> texts_;
    std::vector<std::uint16_t> candidates_;
    mutable std::vector<std::uint8_t> states_; ///< lists met, and what is known by now
    std::vector<Places> places_;               ///< of the words that each line pattern requires one of
    std::string folded_;
};

} // namespace nixie

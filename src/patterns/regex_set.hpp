// Many patterns at once: one pass over a text finds those that it may match, so that few are compiled and tried.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "patterns/literal_index.hpp"
#include "patterns/regex.hpp"

namespace nixie {

/// Thread-safe once finished.
class RegexSet {
  public:
    enum class Chance : std::uint8_t { none, some, sure };

    /// Returns the pattern's number: 0, 1, …
    std::size_t add(Regex regex);
    /// To be called once, after the last add().
    void finish();

    [[nodiscard]] std::size_t size() const { return regexes_.size(); }
    [[nodiscard]] const Regex& operator[](std::size_t number) const { return regexes_[number]; }
    /// For each pattern, by its number, whether it is in `text`. `none` and `sure` are never wrong.
    [[nodiscard]] std::vector<Chance> chances(std::string_view text) const;

  private:
    /// What a pattern requires: how many lists (a OneOf each), and what follows when all are met.
    struct Needs {
        std::uint8_t lists;
        Chance then;
    };

    std::vector<Regex> regexes_;
    std::vector<Chance> at_first_;             ///< of a text without any literal
    std::vector<Needs> needs_;                 ///< of each pattern
    std::vector<std::uint32_t> regex_of_list_; ///< whose requirement it is of
    /// The lists that hold each literal, and after finish() the same in one piece: from first_list_[word] on.
    std::vector<std::vector<std::uint32_t>> lists_of_word_;
    std::vector<std::uint32_t> lists_;
    std::vector<std::uint32_t> first_list_;
    LiteralIndex literals_;
};

/// Which patterns of a set are in a text; each found out when first asked for. Not for two threads at a time.
class Search {
  public:
    /// Looks at both for as long as it lives.
    Search(const RegexSet& set, std::string_view text) : set_(set), text_(text), chances_(set.chances(text)) {}

    [[nodiscard]] bool found(std::size_t number) const;

  private:
    const RegexSet& set_;
    std::string_view text_;
    mutable std::vector<RegexSet::Chance> chances_;
};

} // namespace nixie

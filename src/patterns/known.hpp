// What is known of a piece of a pattern, and of pieces put together.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "patterns/requirement.hpp"

namespace nixie {

struct Known {
    bool exact = false; ///< it matches `strings` and nothing else
    std::vector<std::string> strings;
    std::vector<OneOf> all;
    CharacterMask characters = 0;
    CharacterMask first = any_character; ///< what its first character that is no blank may be, unless it is exact
    bool may_be_blank = true;            ///< then what follows counts too
    bool anchored = false;               ///< it starts at the beginning of a line
};

Known any_text();
Known any_of_these(CharacterMask characters);
Known exactly(std::vector<std::string> strings);

/// Whether meeting `a` says more than meeting `b`.
bool tells_more(const OneOf& a, const OneOf& b);
/// The strings that it matches become what it requires.
void settle(Known& known);
Known any_of(std::vector<Known> branches);

/// Pieces that follow one another.
class Sequence {
  public:
    void add(Known next);
    /// add() for one text, as most pieces are.
    void add(std::string_view text);
    Known finish();

  private:
    void add_first(const Known& next);
    void end_run();

    Known out_ = any_of_these(0);
    std::vector<std::string> run_{""};
    bool whole_ = true;
    bool at_start_ = true;
    bool is_first_ = true; ///< nothing but blanks came
};

} // namespace nixie

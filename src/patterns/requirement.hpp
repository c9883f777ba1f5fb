// What a text must hold for a pattern to match in it, read off the pattern itself: finding that costs far less than
// compiling the pattern, and most texts hold it of few.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "patterns/folding.hpp"
#include "patterns/literal_index.hpp"

namespace nixie {

/// One of several texts, folded by fold_case() and at least shortest_literal bytes long; any_space in them is white space.
using OneOf = std::vector<std::string>;

constexpr std::size_t shortest_literal = 3;

constexpr CharacterMask any_character = ~CharacterMask{0};

/// What must be at one end of a word that is found.
enum class Edge : unsigned char {
    none, ///< anything
    word, ///< the end of a word: `\b`
    end,  ///< an end of the text or, where the pattern goes by lines, of a line: `^`, `$`
};

struct Requirement {
    std::vector<OneOf> all;              ///< each must be met; empty if nothing is known
    CharacterMask characters = 0;        ///< each of them must be there
    CharacterMask first = any_character; ///< one of them must be the first that is no blank, if the text is one line
    bool exact =
        false; ///< the pattern matches wherever the one list in `all` is met and both edges are as they must be
    Edge front = Edge::none;
    Edge back = Edge::none;
};

/// What a line is compared with before anything else.
struct Gate {
    CharacterMask characters = 0;        ///< Requirement::characters
    CharacterMask first = any_character; ///< Requirement::first
};

/// Where in a text: a bit for each so many bytes, over and over.
using Places = std::uint32_t;
constexpr Places unknown_places = 0;
Places places_between(std::size_t begin, std::size_t end);

/// What of a line is compared with a gate.
struct LineMarks {
    CharacterMask characters = 0;
    CharacterMask first = 0;        ///< of the first that is no blank
    Places places = unknown_places; ///< of the line, in a text that a Search looked at
};
LineMarks marks_of(std::string_view line);

/// False if the pattern cannot match in the line.
constexpr bool may_pass(const Gate& gate, const LineMarks& line) {
    return (gate.characters & ~line.characters) == 0 && (gate.first == any_character || (gate.first & line.first) != 0);
}

/// Of RE2 syntax, matched without regard to case. Never wrong, but may be less than there is to know: syntax that it does not
/// read requires nothing.
Requirement requirement_of(const std::string& pattern);

/// Patterns of which one is found wherever `pattern` is, and nowhere else: what its topmost bars divide. A pattern whose syntax is
/// beyond that comes back as it is.
std::vector<std::string> alternatives_of(const std::string& pattern);

} // namespace nixie

#include "patterns/requirement.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>

#include "patterns/known.hpp"
#include "patterns/syntax.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_lists = 2; ///< kept of one pattern, the longest

/// What of a pattern's tree is known. Texts and choices of few are followed; the rest may be anything.
class Reader {
  public:
    Known read(const Syntax& syntax) {
        switch (syntax.kind) {
            case Syntax::Kind::text:
                return is_sayable(syntax.text) ? exactly(std::vector(1, syntax.text)) : any_text();
            case Syntax::Kind::set:
                return of_set(syntax.set);
            case Syntax::Kind::sequence:
                return of_sequence(syntax.parts);
            case Syntax::Kind::choice:
                return of_choice(syntax.parts);
            case Syntax::Kind::group:
                return read(syntax.parts.front());
            case Syntax::Kind::repeat:
                return of_repeat(syntax);
            default:
                plain_ = false;
                Known out = exactly({""});
                out.anchored = syntax.kind == Syntax::Kind::begin;
                return out;
        }
    }
    Known of_sequence(std::span<const Syntax> parts) {
        Sequence out;
        for (const auto& part : parts)
            if (part.kind == Syntax::Kind::text && is_sayable(part.text))
                out.add(std::string_view(part.text));
            else
                out.add(read(part));
        return out.finish();
    }
    /// False if there are conditions that no text stands for, such as the end of a line.
    [[nodiscard]] bool is_plain() const { return plain_; }

  private:
    static bool is_sayable(std::string_view text) { return text.find(any_space) == std::string_view::npos; }

    /// The few characters of a small set; of a large one, what may come first.
    static Known of_set(const ByteSet& set) {
        constexpr std::size_t most_characters = 4;
        if (set.folded_count() <= most_characters && !set.has_beyond() && is_sayable(set.folded())) {
            std::vector<std::string> texts;
            for (const char c : set.folded()) texts.emplace_back(1, c);
            return exactly(std::move(texts));
        }
        ByteSet visible = set;
        visible.remove(white_space());
        Known out = any_text();
        out.first = characters_of(visible.folded()) | (set.has_beyond() ? other_character() : 0);
        out.may_be_blank = !(visible == set);
        return out;
    }
    /// What those that are not of ASCII have in common.
    static CharacterMask other_character() { return characters_of("\x80") & ~characters_of("ks"); }
    Known of_choice(const std::vector<Syntax>& parts) {
        std::vector<Known> branches;
        branches.reserve(parts.size());
        for (const auto& part : parts) branches.push_back(read(part));
        return any_of(std::move(branches));
    }
    Known of_repeat(const Syntax& syntax) {
        const Syntax& what = syntax.parts.front();
        const bool endless = syntax.most == Syntax::without_end;
        if (what.kind == Syntax::Kind::set && what.set == white_space() && syntax.least == 1 && endless)
            return exactly({std::string(1, any_space)});
        Known once = read(what);
        if (syntax.least == 0 && syntax.most == 1 && once.exact && !once.anchored) {
            once.strings.emplace_back();
            return once;
        }
        settle(once);
        if (syntax.least == 0) return any_of_these(once.first);
        return once;
    }

    bool plain_ = true;
};

Edge edge_of(const Syntax& syntax, Syntax::Kind end) {
    if (syntax.kind == end) return Edge::end;
    return syntax.kind == Syntax::Kind::word_edge ? Edge::word : Edge::none;
}

/// Words between two conditions: then the pattern matches wherever one of them stands and the conditions hold.
void read_edges(const Syntax& tree, Requirement& out) {
    if (tree.kind != Syntax::Kind::sequence || tree.parts.empty()) return;
    std::span<const Syntax> parts = tree.parts;
    const Edge front = edge_of(parts.front(), Syntax::Kind::begin);
    if (front != Edge::none) parts = parts.subspan(1);
    const Edge back = parts.empty() ? Edge::none : edge_of(parts.back(), Syntax::Kind::end);
    if (back != Edge::none) parts = parts.first(parts.size() - 1);
    if (parts.size() == tree.parts.size()) return;
    Reader reader;
    Known known = reader.of_sequence(parts);
    if (!known.exact || !reader.is_plain()) return;
    settle(known);
    if (known.all.size() != 1) return;
    // More or less of white space at an end may make the condition hold.
    for (const auto& word : known.all.front())
        if (word.front() == any_space || word.back() == any_space) return;
    out.all = std::move(known.all);
    out.exact = true;
    out.front = front;
    out.back = back;
}

} // namespace

LineMarks marks_of(std::string_view line) {
    const auto begin = line.find_first_not_of(" \t\n\f\r");
    return {characters_of(line), begin == std::string_view::npos ? 0 : characters_of(line.substr(begin, 1)), {}};
}

Places places_between(std::size_t begin, std::size_t end) {
    constexpr std::size_t bytes_a_bit = 32;
    constexpr int bits = std::numeric_limits<Places>::digits;
    const auto first = begin / bytes_a_bit;
    const auto count = (std::max(end, begin + 1) - 1) / bytes_a_bit - first + 1;
    if (count >= bits) return ~Places{0};
    return std::rotl((Places{1} << count) - 1, static_cast<int>(first % bits));
}

Requirement requirement_of(const std::string& pattern) {
    Requirement out;
    const auto syntax = syntax_of(pattern);
    if (!syntax) return out;
    Reader reader;
    Known known = reader.read(syntax->tree);
    const bool exact = known.exact && reader.is_plain();
    settle(known);
    out.all = std::move(known.all);
    out.characters = known.characters;
    if (known.anchored && !known.may_be_blank) out.first = known.first;
    out.exact = exact && out.all.size() == 1;
    if (!out.exact && !out.all.empty()) read_edges(syntax->tree, out);
    std::sort(out.all.begin(), out.all.end(), tells_more);
    if (out.all.size() > most_lists) out.all.resize(most_lists);
    return out;
}

} // namespace nixie

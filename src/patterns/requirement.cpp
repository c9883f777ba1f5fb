// The reader of a pattern's syntax.
#include "patterns/requirement.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <utility>

#include "patterns/known.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_lists = 2; ///< kept of one pattern, the longest
constexpr int deepest = 50;

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

CharacterMask word_characters() { return characters_of("abcdefghijklmnopqrstuvwxyz0123456789_"); }

/// Can it be a character of a literal?
bool is_sayable(std::uint32_t c) { return folds_plainly(c) && c != static_cast<unsigned char>(any_space); }

Known literal(std::uint32_t c) { return is_sayable(c) ? exactly({fold_case(utf8_of(c))}) : any_text(); }

/// A recursive descent through the syntax. What it does not know ends it.
class Parser {
  public:
    explicit Parser(std::string_view pattern) : rest_(pattern) {}

    Known read() {
        Known out = alternation(0);
        return failed_ || !rest_.empty() ? any_text() : out;
    }
    /// False if there are conditions that no text stands for, such as the end of a line.
    [[nodiscard]] bool is_plain() const { return plain_; }

  private:
    [[nodiscard]] bool at(std::string_view next) const { return rest_.starts_with(next); }
    bool take(std::string_view next) {
        if (!at(next)) return false;
        rest_.remove_prefix(next.size());
        return true;
    }
    char take_one() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    Known fail() {
        failed_ = true;
        rest_ = {};
        return any_text();
    }
    Known no_text() {
        plain_ = false;
        return exactly({""});
    }

    Known alternation(int depth) {
        if (depth > deepest) return fail();
        std::vector<Known> branches;
        do branches.push_back(concatenation(depth));
        while (take("|"));
        return any_of(std::move(branches));
    }

    Known concatenation(int depth) {
        Sequence out;
        while (!rest_.empty() && !at("|") && !at(")")) {
            const auto words = take_words();
            if (words.empty())
                out.add(repeated(atom(depth)));
            else
                out.add(fold_case(words));
        }
        return out.finish();
    }

    /// Plain characters that no repetition follows.
    std::string_view take_words() {
        const auto is_plain_character = [](char c) {
            return is_letter(c) || is_digit(c) ||
                   std::string_view(" @:;,<>=-_/'\"#%!&").find(c) != std::string_view::npos;
        };
        std::size_t length = 0;
        while (length < rest_.size() && is_plain_character(rest_[length])) ++length;
        if (length > 0 && length < rest_.size() &&
            std::string_view("*+?{").find(rest_[length]) != std::string_view::npos)
            --length;
        const auto out = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return out;
    }

    Known repeated(Known once) {
        for (;;) {
            int least = 0;
            if (take("*")) {
                once = maybe(std::move(once));
            } else if (take("?")) {
                if (once.exact && !once.anchored)
                    once.strings.emplace_back();
                else
                    once = maybe(std::move(once));
            } else if (take("+")) {
                settle(once);
            } else if (take_count(least)) {
                settle(once);
                if (least == 0) once = maybe(std::move(once));
            } else {
                return once;
            }
            take("?"); // not greedy
        }
    }

    static Known maybe(Known once) {
        settle(once);
        return any_of_these(once.first);
    }

    /// "{2}", "{2,}" or "{2,3}"; a brace around anything else stands for itself.
    bool take_count(int& least) {
        if (!at("{")) return false;
        const auto end = rest_.find('}');
        if (end == std::string_view::npos) return false;
        const auto inside = rest_.substr(1, end - 1);
        if (inside.empty() || !is_digit(inside.front()) || inside.size() > 9) return false;
        if (inside.find_first_not_of("0123456789,") != std::string_view::npos) return false;
        least = inside.find_first_not_of("0,") == std::string_view::npos || inside.front() == '0' ? 0 : 1;
        rest_.remove_prefix(end + 1);
        return true;
    }

    Known atom(int depth) {
        if (take("(")) return group(depth);
        if (take("[")) return char_class();
        if (take("\\")) return escape();
        if (take(".")) return any_text();
        if (take("^")) {
            Known out = no_text();
            out.anchored = true;
            return out;
        }
        if (take("$")) return no_text();
        if (at("*") || at("+") || at("?")) return fail();
        return literal(code_point());
    }

    Known group(int depth) {
        if (take("?P<")) {
            const auto end = rest_.find('>');
            if (end == std::string_view::npos) return fail();
            rest_.remove_prefix(end + 1);
        } else if (take("?")) {
            // Flags can make a pattern stricter than one without regard to case, never looser.
            plain_ = plain_ && at(":");
            while (!rest_.empty() && (is_letter(rest_.front()) || rest_.front() == '-')) take_one();
            if (take(")")) return exactly({""});
            if (!take(":")) return fail();
        }
        Known out = alternation(depth + 1);
        return take(")") ? std::move(out) : fail();
    }

    std::uint32_t code_point() {
        const auto lead = static_cast<unsigned char>(take_one());
        const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        std::uint32_t out = more == 3 ? lead & 0x07U : more == 2 ? lead & 0x0FU : more == 1 ? lead & 0x1FU : lead;
        for (int i = 0; i < more && !rest_.empty(); ++i)
            out = out << 6 | (static_cast<unsigned char>(take_one()) & 0x3FU);
        return out;
    }

    Known escape() {
        if (rest_.empty()) return fail();
        if (take("s+")) {
            take("?"); // not greedy
            return exactly({std::string(1, any_space)});
        }
        if (take("s")) return any_of_these(0);
        if (take("W")) return any_of_these(~word_characters());
        if (take("d")) {
            Known digit = any_of_these(characters_of("0123456789"));
            digit.may_be_blank = false;
            return digit;
        }
        std::uint32_t c = 0;
        if (at("b") || at("B") || at("A") || at("z")) {
            take_one();
            return no_text();
        }
        return take_escaped(c) ? literal(c) : any_text();
    }

    /// True for one character; false for a class of them.
    bool take_escaped(std::uint32_t& out) {
        const char c = take_one();
        constexpr std::string_view names = "ntrfva";
        constexpr std::string_view controls = "\n\t\r\f\v\a";
        if (const auto i = names.find(c); i != std::string_view::npos) {
            out = static_cast<unsigned char>(controls[i]);
            return true;
        }
        if (c == 'x') return take_hex(out);
        if (c == 'p' || c == 'P') {
            if (rest_.empty())
                fail();
            else if (take_one() == '{')
                take_past('}');
            return false;
        }
        if (std::string_view("dDwWsS").find(c) != std::string_view::npos) return false;
        if (is_letter(c) || is_digit(c)) {
            fail();
            return false;
        }
        out = static_cast<unsigned char>(c);
        if (out < 0x80) return true;
        fail();
        return false;
    }

    void take_past(char end) {
        const auto found = rest_.find(end);
        if (found == std::string_view::npos)
            fail();
        else
            rest_.remove_prefix(found + 1);
    }

    bool take_hex(std::uint32_t& out) {
        const bool braced = take("{");
        out = 0;
        int digits = 0;
        for (; !rest_.empty() && hex_value(rest_.front()) >= 0 && digits < (braced ? 6 : 2); ++digits)
            out = out * 16 + static_cast<std::uint32_t>(hex_value(take_one()));
        if (digits > 0 && (!braced || take("}"))) return true;
        fail();
        return false;
    }

    /// The few characters of a small class; a large one may be anything.
    Known char_class() {
        constexpr std::size_t most_characters = 4;
        const bool negated = take("^");
        std::vector<std::string> characters;
        bool small = !negated;
        for (bool first = true; first || !at("]"); first = false) {
            if (rest_.empty()) return fail();
            std::uint32_t from = 0;
            if (!take_class_item(from)) {
                small = false;
                continue;
            }
            std::uint32_t to = from;
            if (at("-") && !at("-]")) {
                take_one();
                if (rest_.empty() || !take_class_item(to)) return fail();
            }
            small = small && to >= from && to - from < most_characters && characters.size() < most_characters;
            for (auto c = from; small && c <= to; ++c) {
                small = is_sayable(c);
                characters.push_back(fold_case(utf8_of(c)));
            }
            if (failed_) return any_text();
        }
        take("]");
        return small && !failed_ ? exactly(std::move(characters)) : any_text();
    }

    bool take_class_item(std::uint32_t& out) {
        if (take("[:")) {
            take_past(']');
            return false;
        }
        if (take("\\")) {
            if (!rest_.empty()) return take_escaped(out);
            fail();
            return false;
        }
        out = code_point();
        return true;
    }

    std::string_view rest_;
    bool failed_ = false;
    bool plain_ = true;
};

/// The conditions at both ends of a pattern taken off it.
std::string_view without_edges(std::string_view pattern, Edge& front, Edge& back) {
    if (pattern.starts_with('^')) {
        front = Edge::end;
        pattern.remove_prefix(1);
    } else if (pattern.starts_with("\\b")) {
        front = Edge::word;
        pattern.remove_prefix(2);
    }
    const auto escapes = [](std::string_view text) {
        const auto last = text.find_last_not_of('\\');
        return text.size() - (last == std::string_view::npos ? 0 : last + 1);
    };
    if (pattern.ends_with('$') && escapes(pattern.substr(0, pattern.size() - 1)) % 2 == 0) {
        back = Edge::end;
        pattern.remove_suffix(1);
    } else if (pattern.ends_with("\\b") && escapes(pattern.substr(0, pattern.size() - 1)) % 2 == 1) {
        back = Edge::word;
        pattern.remove_suffix(2);
    }
    return pattern;
}

/// Words between two conditions: then the pattern matches wherever one of them stands and the conditions hold.
void read_edges(const std::string& pattern, Requirement& out) {
    Edge front = Edge::none;
    Edge back = Edge::none;
    const auto words = without_edges(pattern, front, back);
    if (words.size() == pattern.size() || alternatives_of(pattern).size() != 1) return;
    Parser parser(words);
    Known known = parser.read();
    if (!known.exact || !parser.is_plain()) return;
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
    Parser parser(pattern);
    Known known = parser.read();
    const bool exact = known.exact && parser.is_plain();
    settle(known);
    Requirement out;
    out.all = std::move(known.all);
    out.characters = known.characters;
    if (known.anchored && !known.may_be_blank) out.first = known.first;
    out.exact = exact && out.all.size() == 1;
    if (!out.exact && !out.all.empty()) read_edges(pattern, out);
    std::sort(out.all.begin(), out.all.end(), tells_more);
    if (out.all.size() > most_lists) out.all.resize(most_lists);
    return out;
}

} // namespace nixie

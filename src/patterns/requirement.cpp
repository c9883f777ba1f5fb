#include "patterns/requirement.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>

namespace nixie {
namespace {

constexpr std::size_t most_strings = 16;      ///< that are followed through a pattern side by side
constexpr std::size_t most_alternatives = 64; ///< in one requirement
constexpr std::size_t most_lists = 3;         ///< kept of one pattern, the longest
constexpr int deepest = 50;

/// What is known of a piece of a pattern.
struct Known {
    bool exact = false; ///< it matches `strings` and nothing else
    std::vector<std::string> strings;
    std::vector<OneOf> all;
    CharacterMask characters = 0;
    CharacterMask first = any_character; ///< what its first character that is no blank may be, unless it is exact
    bool may_be_blank = true;            ///< then what follows counts too
    bool anchored = false;               ///< it starts at the beginning of a line
};

constexpr std::string_view blanks = " \t\n\f\r";

Known any_text() { return {}; }
Known any_of_these(CharacterMask characters) {
    Known out;
    out.first = characters;
    return out;
}
Known exactly(std::vector<std::string> strings) {
    Known out;
    out.exact = true;
    out.strings = std::move(strings);
    return out;
}

void sort_unique(std::vector<std::string>& strings) {
    std::sort(strings.begin(), strings.end());
    strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
}

std::size_t shortest(const OneOf& list) {
    std::size_t out = std::string::npos;
    for (const auto& text : list) out = std::min(out, text.size());
    return out;
}

/// Whether meeting `a` says more than meeting `b`.
bool tells_more(const OneOf& a, const OneOf& b) {
    return shortest(a) != shortest(b) ? shortest(a) > shortest(b) : a.size() < b.size();
}

/// Sets `first` and `may_be_blank` from the strings.
void find_first(Known& known) {
    known.first = 0;
    known.may_be_blank = false;
    for (const std::string_view text : known.strings) {
        const auto begin = text.find_first_not_of(blanks);
        known.may_be_blank = known.may_be_blank || begin == std::string_view::npos;
        if (begin != std::string_view::npos) known.first |= characters_of(text.substr(begin, 1));
    }
}

/// The strings that it matches become what it requires.
void settle(Known& known) {
    if (!known.exact) return;
    find_first(known);
    CharacterMask common = ~CharacterMask{0};
    for (const auto& text : known.strings) common &= characters_of(text);
    known.characters |= known.strings.empty() ? 0 : common;
    sort_unique(known.strings);
    if (!known.strings.empty() && shortest(known.strings) >= shortest_literal) known.all.push_back(known.strings);
    known.exact = false;
    known.strings.clear();
}

Known any_of(std::vector<Known> branches) {
    if (branches.size() == 1) return std::move(branches.front());
    std::size_t count = 0;
    bool exact = true;
    for (const auto& branch : branches) {
        exact = exact && branch.exact;
        count += branch.strings.size();
    }
    Known out;
    out.anchored = std::all_of(branches.begin(), branches.end(), [](const Known& branch) { return branch.anchored; });
    if (exact && count <= most_alternatives) {
        out.exact = true;
        for (auto& branch : branches)
            std::move(branch.strings.begin(), branch.strings.end(), std::back_inserter(out.strings));
        sort_unique(out.strings);
        return out;
    }
    out.characters = any_character;
    out.first = 0;
    out.may_be_blank = false;
    OneOf together;
    bool each_requires = true;
    for (auto& branch : branches) {
        settle(branch);
        out.characters &= branch.characters;
        out.first |= branch.first;
        out.may_be_blank = out.may_be_blank || branch.may_be_blank;
        const auto best = std::min_element(branch.all.begin(), branch.all.end(), tells_more);
        each_requires = each_requires && best != branch.all.end();
        if (each_requires) together.insert(together.end(), best->begin(), best->end());
    }
    sort_unique(together);
    if (each_requires && together.size() <= most_alternatives) out.all.push_back(std::move(together));
    return out;
}

/// Pieces that follow one another.
class Sequence {
  public:
    void add(Known next) {
        out_.anchored = out_.anchored || (at_start_ && next.anchored);
        at_start_ = false;
        if (!next.exact) {
            add_first(next);
            whole_ = false;
            end_run();
            std::move(next.all.begin(), next.all.end(), std::back_inserter(out_.all));
            out_.characters |= next.characters;
            return;
        }
        if (run_.size() * next.strings.size() > most_strings && run_ != std::vector<std::string>{""}) {
            whole_ = false;
            end_run();
        }
        if (is_first_) {
            find_first(next);
            add_first(next);
        }
        if (next.strings.size() == 1) {
            for (auto& head : run_) head += next.strings.front();
            return;
        }
        std::vector<std::string> longer;
        for (const auto& head : run_)
            for (const auto& tail : next.strings) longer.push_back(head + tail);
        run_ = std::move(longer);
    }
    /// add() for one text, as most pieces are.
    void add(std::string_view text) {
        at_start_ = false;
        if (is_first_) {
            Known known = exactly({std::string(text)});
            find_first(known);
            add_first(known);
        }
        for (auto& head : run_) head += text;
    }
    Known finish() {
        out_.may_be_blank = is_first_;
        out_.exact = whole_;
        if (whole_)
            out_.strings = std::move(run_);
        else
            end_run();
        return std::move(out_);
    }

  private:
    void add_first(const Known& next) {
        if (!is_first_) return;
        out_.first |= next.first;
        is_first_ = next.may_be_blank;
    }
    void end_run() {
        Known run = exactly(std::move(run_));
        settle(run);
        std::move(run.all.begin(), run.all.end(), std::back_inserter(out_.all));
        out_.characters |= run.characters;
        run_ = {""};
    }
    Known out_ = any_of_these(0);
    std::vector<std::string> run_{""};
    bool whole_ = true;
    bool at_start_ = true;
    bool is_first_ = true; ///< nothing but blanks came
};

constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

int hex_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string encoded(std::uint32_t c) {
    const auto put = [](std::uint32_t byte) { return static_cast<char>(byte); };
    if (c < 0x80) return {put(c)};
    if (c < 0x800) return {put(0xC0 | c >> 6), put(0x80 | (c & 0x3F))};
    if (c < 0x10000) return {put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F))};
    return {put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F))};
}

CharacterMask word_characters() { return characters_of("abcdefghijklmnopqrstuvwxyz0123456789_"); }

Known literal(std::uint32_t c) { return folds_plainly(c) ? exactly({fold_case(encoded(c))}) : any_text(); }

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
                small = folds_plainly(c);
                characters.push_back(fold_case(encoded(c)));
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

} // namespace

LineMarks marks_of(std::string_view line) {
    const auto begin = line.find_first_not_of(blanks);
    return {characters_of(line), begin == std::string_view::npos ? 0 : characters_of(line.substr(begin, 1))};
}

Requirement requirement_of(std::string_view pattern) {
    Parser parser(pattern);
    Known known = parser.read();
    const bool exact = known.exact && parser.is_plain();
    settle(known);
    Requirement out;
    out.all = std::move(known.all);
    out.characters = known.characters;
    if (known.anchored && !known.may_be_blank) out.first = known.first;
    out.exact = exact && out.all.size() == 1;
    std::sort(out.all.begin(), out.all.end(), tells_more);
    if (out.all.size() > most_lists) out.all.resize(most_lists);
    return out;
}

} // namespace nixie

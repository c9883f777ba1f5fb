#include "patterns/syntax.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <utility>

#include "patterns/folding.hpp"

namespace nixie {
namespace {

constexpr int deepest_group = 50;
constexpr int most_repeats = 1000; // RE2's own limit
constexpr std::uint32_t ascii_end = 0x80;

constexpr bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }
constexpr bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

ByteSet set_of(std::string_view characters) {
    ByteSet out;
    for (const char c : characters) out.add(static_cast<unsigned char>(c));
    return out;
}
ByteSet digits() { return set_of("0123456789"); }
ByteSet ascii() {
    ByteSet out;
    for (unsigned c = 0; c < ascii_end; ++c) out.add(static_cast<unsigned char>(c));
    return out;
}
ByteSet word_letters() { return set_of("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_"); }
ByteSet negated(ByteSet set) {
    set.negate();
    return set;
}

const ByteSet plain_characters = [] {
    ByteSet out = word_letters();
    out.add(set_of(" @:;,<>=-/'\"#%!&"));
    return out;
}();

/// The long s and the Kelvin sign are letters of ASCII to whoever disregards case.
constexpr bool folds_to_ascii(std::uint32_t from, std::uint32_t to) {
    return (from <= 0x17F && to >= 0x17F) || (from <= 0x212A && to >= 0x212A);
}

/// A recursive descent. Whatever it does not know fails.
class SyntaxReader {
  public:
    explicit SyntaxReader(std::string_view pattern) : rest_(pattern) {}

    std::optional<PatternSyntax> read() {
        out_.tree = choice(0);
        if (failed_ || !rest_.empty()) return std::nullopt;
        return std::move(out_);
    }

  private:
    bool take(std::string_view next) {
        if (!at(next.front()) || !rest_.starts_with(next)) return false;
        rest_.remove_prefix(next.size());
        return true;
    }
    [[nodiscard]] bool at(char c) const { return !rest_.empty() && rest_.front() == c; }
    Syntax fail() {
        failed_ = true;
        rest_ = {};
        return {};
    }

    Syntax choice(int depth) {
        if (depth > deepest_group) return fail();
        Syntax out;
        out.kind = Syntax::Kind::choice;
        do out.parts.push_back(sequence(depth));
        while (take("|"));
        if (out.parts.size() == 1) return std::move(out.parts.front());
        return out;
    }

    /// Characters side by side become one text.
    Syntax sequence(int depth) {
        Syntax out;
        while (!rest_.empty() && !at('|') && !at(')')) {
            Syntax next = repeated(one(depth));
            if (next.kind == Syntax::Kind::text && !out.parts.empty() && out.parts.back().kind == Syntax::Kind::text)
                out.parts.back().text += next.text;
            else
                out.parts.push_back(std::move(next));
        }
        return out;
    }

    Syntax repeated(Syntax what) {
        int least = 0;
        int most = 0;
        if (!take_count(least, most)) return what;
        Syntax out;
        out.kind = Syntax::Kind::repeat;
        out.least = least;
        out.most = most;
        out.lazy = take("?");
        out.parts.push_back(std::move(what));
        if (take_count(least, most)) return fail(); // "a**" and its like
        return out;
    }

    bool take_count(int& least, int& most) {
        least = 0;
        most = Syntax::without_end;
        if (take("*")) return true;
        if (take("+")) {
            least = 1;
            return true;
        }
        if (take("?")) {
            most = 1;
            return true;
        }
        return at('{') && take_braces(least, most);
    }

    /// "{2}", "{2,}" or "{2,3}"; a brace around anything else stands for itself.
    bool take_braces(int& least, int& most) {
        auto after = rest_.substr(1);
        const auto number = [&](int& out) {
            std::size_t digits_read = 0;
            for (out = 0; digits_read < 5 && !after.empty() && is_ascii_digit(after.front()); ++digits_read) {
                out = out * 10 + (after.front() - '0');
                after.remove_prefix(1);
            }
            return digits_read > 0;
        };
        if (!number(least)) return false;
        most = least;
        if (after.starts_with(',')) {
            after.remove_prefix(1);
            if (!number(most)) most = Syntax::without_end;
        }
        if (!after.starts_with('}')) return false;
        rest_ = after.substr(1);
        if (least > most_repeats || most > most_repeats || (most >= 0 && most < least)) fail();
        return true;
    }

    Syntax one(int depth) {
        if (const auto words = take_words(); !words.empty()) return of_text(fold_case(words));
        if (take("(")) return group(depth);
        if (take("[")) return char_class();
        if (take("\\")) return escape();
        if (take(".")) return of_set(negated(set_of("\n")));
        if (take("^")) return of_kind(Syntax::Kind::begin);
        if (take("$")) return of_kind(Syntax::Kind::end);
        if (at('*') || at('+') || at('?')) return fail();
        return of_character(code_point());
    }

    /// Plain characters that no repetition follows.
    std::string_view take_words() {
        const auto is_plain = [](char c) { return plain_characters.has(static_cast<unsigned char>(c)); };
        const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_plain);
        auto length = static_cast<std::size_t>(end - rest_.begin());
        if (length > 0 && end != rest_.end() && std::string_view("*+?{").find(*end) != std::string_view::npos) --length;
        const auto out = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return out;
    }

    Syntax group(int depth) {
        Syntax out;
        if (take("?i)")) return out; // it is so anyway
        if (take("?:") || take("?i:")) {
            out = choice(depth + 1);
        } else {
            std::string name;
            if (take("?P<")) {
                const auto end = rest_.find('>');
                if (end == std::string_view::npos) return fail();
                name = rest_.substr(0, end);
                rest_.remove_prefix(end + 1);
            } else if (at('?')) {
                return fail(); // other flags
            }
            out_.group_names.push_back(std::move(name));
            out.kind = Syntax::Kind::group;
            out.group = static_cast<int>(out_.group_names.size());
            out.parts.push_back(choice(depth + 1));
        }
        if (!take(")")) return fail();
        return out;
    }

    static Syntax of_kind(Syntax::Kind kind) {
        Syntax out;
        out.kind = kind;
        return out;
    }
    static Syntax of_set(ByteSet set) {
        Syntax out;
        out.kind = Syntax::Kind::set;
        out.set = set;
        return out;
    }
    static Syntax of_text(std::string text) {
        Syntax out;
        out.kind = Syntax::Kind::text;
        out.text = std::move(text);
        return out;
    }
    Syntax of_character(std::uint32_t c) {
        if (folds_to_ascii(c, c)) return fail();
        if (folds_plainly(c)) return of_text(fold_case(utf8_of(c)));
        out_.ascii_only = true;
        return of_set(negated(ascii()));
    }
    static void add_range(ByteSet& set, std::uint32_t from, std::uint32_t to) {
        for (auto c = from; c <= to && c < ascii_end; ++c) {
            set.add(static_cast<unsigned char>(c));
            if (is_ascii_letter(static_cast<char>(c))) set.add(static_cast<unsigned char>(c ^ 0x20U));
        }
    }

    std::uint32_t code_point() {
        const auto byte = [&] {
            const auto out = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            return out;
        };
        const std::uint32_t lead = byte();
        const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        if (lead >= ascii_end && more == 0) fail();
        std::uint32_t out = more == 3 ? lead & 0x07U : more == 2 ? lead & 0x0FU : more == 1 ? lead & 0x1FU : lead;
        for (int i = 0; i < more && !rest_.empty(); ++i) out = out << 6 | (byte() & 0x3FU);
        return out;
    }

    Syntax escape() {
        if (take("b")) return of_kind(Syntax::Kind::word_edge);
        if (take("B")) return of_kind(Syntax::Kind::no_word_edge);
        if (take("A")) return of_kind(Syntax::Kind::text_begin);
        if (take("z")) return of_kind(Syntax::Kind::text_end);
        ByteSet set;
        if (take_class_escape(set)) return of_set(set);
        std::uint32_t c = 0;
        return take_escaped(c) ? of_character(c) : fail();
    }

    bool take_class_escape(ByteSet& out) {
        if (rest_.empty()) return false;
        switch (rest_.front()) {
            case 'd':
                out.add(digits());
                break;
            case 'D':
                out.add(negated(digits()));
                break;
            case 's':
                out.add(white_space());
                break;
            case 'S':
                out.add(negated(white_space()));
                break;
            case 'w':
                out.add(word_letters());
                break;
            case 'W':
                out.add(negated(word_letters()));
                break;
            default:
                return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    bool take_escaped(std::uint32_t& out) {
        if (rest_.empty()) return false;
        if (take("x")) return take_hex(out);
        const char c = rest_.front();
        constexpr std::string_view names = "ntrfva";
        constexpr std::string_view controls = "\n\t\r\f\v\a";
        const auto control = names.find(c);
        const bool means_more = is_ascii_letter(c) || is_ascii_digit(c) || static_cast<unsigned char>(c) >= ascii_end;
        if (control == std::string_view::npos && means_more) return false;
        out = static_cast<unsigned char>(control == std::string_view::npos ? c : controls[control]);
        rest_.remove_prefix(1);
        return true;
    }

    /// "2D" or "{2D}"
    bool take_hex(std::uint32_t& out) {
        constexpr std::uint32_t last_code_point = 0x10FFFF;
        const bool braced = take("{");
        const auto end = braced ? rest_.find('}') : std::size_t{2};
        if (end > rest_.size() || end == 0 || end > 6) return false;
        const auto [after, fault] = std::from_chars(rest_.data(), rest_.data() + end, out, 16);
        if (fault != std::errc{} || after != rest_.data() + end || out > last_code_point) return false;
        rest_.remove_prefix(end + (braced ? 1 : 0));
        return true;
    }

    Syntax char_class() {
        constexpr std::size_t most_beyond = 8; // characters that are not of ASCII
        ByteSet set;
        std::vector<Syntax> beyond;
        const bool negative = take("^");
        for (bool first = true; first || !at(']'); first = false) {
            if (rest_.empty() || rest_.starts_with("[:")) return fail();
            std::uint32_t from = 0;
            if (take("\\")) {
                if (take_class_escape(set)) continue;
                if (!take_escaped(from)) return fail();
            } else {
                from = code_point();
            }
            std::uint32_t to = from;
            if (at('-') && !rest_.starts_with("-]")) {
                rest_.remove_prefix(1);
                if (rest_.empty()) return fail();
                if (!take("\\"))
                    to = code_point();
                else if (!take_escaped(to))
                    return fail();
            }
            if (to < from || folds_to_ascii(from, to)) return fail();
            add_range(set, from, to);
            for (auto c = std::max(from, ascii_end); c <= to && beyond.size() <= most_beyond; ++c)
                beyond.push_back(of_character(c));
        }
        take("]");
        if (negative) set.negate();
        if (beyond.empty()) return negative || set.folded_count() != 1 ? of_set(set) : of_text(set.folded());
        out_.ascii_only = out_.ascii_only || negative || beyond.size() > most_beyond;
        if (out_.ascii_only) {
            set.add(negated(ascii()));
            return of_set(set);
        }
        Syntax out;
        out.kind = Syntax::Kind::choice;
        out.parts = std::move(beyond);
        out.parts.push_back(of_set(set));
        return out;
    }

    std::string_view rest_;
    PatternSyntax out_;
    bool failed_ = false;
};

} // namespace

ByteSet white_space() { return set_of("\t\n\f\r "); }

std::string ByteSet::folded() const {
    std::string out;
    out.reserve(folded_count());
    for (std::size_t word = 0; word < ascii_end / 64; ++word)
        for (auto bits = folded_bits(word); bits != 0; bits &= bits - 1)
            out += static_cast<char>(64 * word + static_cast<std::size_t>(std::countr_zero(bits)));
    return out;
}

std::optional<PatternSyntax> syntax_of(std::string_view pattern) { return SyntaxReader(pattern).read(); }

} // namespace nixie

#include "explain/literal_runs.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_texts = 64; ///< of one run
constexpr std::size_t longest_text = 200;
constexpr int deepest_group = 20;
constexpr std::string_view plain_escapes = "\\.+*?()|[]{}^$/-\"'#<>@:;,=!%&~`_ ";

/// A piece of a pattern: either one of `texts`, or anything that holds each of `runs`.
struct Piece {
    bool finite = true;
    Literals texts{""};
    std::vector<Literals> runs;
};

bool fits(const Literals& texts) {
    return texts.size() <= most_texts &&
           std::all_of(texts.begin(), texts.end(), [](const std::string& text) { return text.size() <= longest_text; });
}

/// Grows a concatenation piece by piece.
class Joiner {
  public:
    void add(const Piece& piece) {
        if (!piece.finite) {
            interrupt();
            runs_.insert(runs_.end(), piece.runs.begin(), piece.runs.end());
            return;
        }
        Literals joined;
        for (const auto& left : texts_)
            for (const auto& right : piece.texts) joined.push_back(left + right);
        std::sort(joined.begin(), joined.end());
        joined.erase(std::unique(joined.begin(), joined.end()), joined.end());
        if (fits(joined)) {
            texts_ = std::move(joined);
            return;
        }
        interrupt();
        texts_ = piece.texts;
    }
    Piece take() {
        if (finite_) return {true, std::move(texts_), {}};
        interrupt();
        return {false, {}, std::move(runs_)};
    }

  private:
    /// What follows need not stand right behind what was.
    void interrupt() {
        finite_ = false;
        const bool says_nothing = std::any_of(texts_.begin(), texts_.end(), [](const auto& t) { return t.empty(); });
        if (!says_nothing) runs_.push_back(std::move(texts_));
        texts_ = {""};
    }
    bool finite_ = true;
    Literals texts_{""};
    std::vector<Literals> runs_;
};

/// Reads a pattern by recursive descent; `failed` where it meets what it does not know.
class PatternReader {
  public:
    explicit PatternReader(std::string_view pattern) : rest_(pattern) {}

    std::optional<std::vector<PatternBranch>> branches() {
        std::vector<PatternBranch> out;
        do {
            Piece piece = sequence(0);
            if (piece.finite) piece.runs = {std::move(piece.texts)};
            out.push_back({std::move(piece.runs), piece.finite});
        } while (take_if('|'));
        if (failed_ || !rest_.empty()) return std::nullopt;
        return out;
    }

  private:
    Piece sequence(int depth) {
        Joiner joiner;
        while (!failed_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')')
            joiner.add(repeated(atom(depth)));
        return joiner.take();
    }

    Piece atom(int depth) {
        const char c = rest_.front();
        if (c == '(') return group(depth + 1);
        if (c == '[') return one_of_class();
        if (c == '\\') return escape();
        if (c == '.') return take(1), anything();
        if (c == '^' || c == '$') return take(1), Piece{};
        if (c == '*' || c == '+' || c == '?') return fail();
        std::size_t length = 1; // a whole character of UTF-8
        while (length < rest_.size() && (static_cast<unsigned char>(rest_[length]) & 0xC0) == 0x80) ++length;
        return {true, {to_lower(take(length))}, {}};
    }

    Piece group(int depth) {
        take(1);
        if (rest_.starts_with("?:")) {
            take(2);
        } else if (rest_.starts_with("?P<") && rest_.find('>') != std::string_view::npos) {
            take(rest_.find('>') + 1);
        } else if (rest_.starts_with("?")) {
            return fail();
        }
        if (depth > deepest_group) return fail();
        Piece all = sequence(depth);
        bool several = false;
        while (take_if('|')) {
            several = true;
            Piece next = sequence(depth);
            all.finite = all.finite && next.finite;
            if (all.finite) all.texts.insert(all.texts.end(), next.texts.begin(), next.texts.end());
        }
        if (!take_if(')')) return fail();
        if (!all.finite && several) all.runs.clear(); // each alternative needs something else
        if (all.finite && !fits(all.texts)) return anything();
        return all;
    }

    Piece one_of_class() {
        const auto end = rest_.find(']', 2);
        if (end == std::string_view::npos) return fail();
        const auto inside = take(end + 1).substr(1, end - 1);
        // Negated, named, or with bytes beyond ASCII: some character, and no more is known.
        if (inside.empty() || inside.front() == '^' || inside.front() == '[') return unread_class(inside);
        Literals texts;
        for (std::size_t i = 0; i < inside.size(); ++i) {
            auto first = inside[i];
            if ((first & 0x80) != 0) return anything();
            if (first == '\\') {
                if (i + 1 == inside.size()) return fail(); // the bracket was escaped, so the class goes on
                first = inside[++i];
                if (plain_escapes.find(first) == std::string_view::npos) return anything();
            }
            auto last = first;
            if (i + 2 < inside.size() && inside[i + 1] == '-') {
                last = inside[i + 2];
                i += 2;
                if (last == '\\' || (last & 0x80) != 0) return anything();
            }
            for (int c = static_cast<unsigned char>(first); c <= last; ++c)
                texts.push_back(to_lower(std::string(1, static_cast<char>(c))));
        }
        if (!fits(texts)) return anything();
        return {true, std::move(texts), {}};
    }
    Piece unread_class(std::string_view inside) {
        // "[^]]" and "[[:alpha:]]" end at another bracket than the one that was found.
        if (inside.empty() || inside == "^" || inside.find('[') != std::string_view::npos || inside.back() == '\\')
            return fail();
        return anything();
    }

    Piece escape() {
        if (rest_.size() < 2) return fail();
        const char c = take(2)[1];
        if (c == 'b' || c == 'B' || c == 'A' || c == 'z') return {};
        if (c == 'd') return {true, {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"}, {}};
        if (c == 'w' || c == 's' || c == 'W' || c == 'S' || c == 'D') return anything();
        if (plain_escapes.find(c) != std::string_view::npos) return {true, {std::string(1, c)}, {}};
        return fail();
    }

    Piece repeated(Piece piece) {
        if (failed_ || rest_.empty()) return piece;
        const char c = rest_.front();
        if (c == '?') {
            take(1);
            take_if('?');
            if (!piece.finite) return anything();
            piece.texts.emplace_back();
            return piece;
        }
        std::string_view count;
        if (c == '{') {
            const auto end = rest_.find('}');
            if (end == std::string_view::npos) return fail();
            count = take(end + 1);
        } else if (c == '*' || c == '+') {
            count = take(1);
        } else {
            return piece;
        }
        take_if('?');
        if (count == "*" || count.starts_with("{0")) return anything();
        if (!piece.finite) return piece;
        const bool says_nothing =
            std::any_of(piece.texts.begin(), piece.texts.end(), [](const auto& text) { return text.empty(); });
        return {false, {}, says_nothing ? std::vector<Literals>{} : std::vector<Literals>{std::move(piece.texts)}};
    }

    static Piece anything() { return {false, {}, {}}; }
    Piece fail() {
        failed_ = true;
        rest_ = {};
        return anything();
    }
    std::string_view take(std::size_t count) {
        const auto out = rest_.substr(0, count);
        rest_.remove_prefix(out.size());
        return out;
    }
    bool take_if(char c) {
        if (rest_.empty() || rest_.front() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }

    std::string_view rest_;
    bool failed_ = false;
};

} // namespace

std::optional<std::vector<PatternBranch>> literal_runs(std::string_view pattern) {
    return PatternReader(pattern).branches();
}

bool has_assertion(std::string_view pattern) {
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == '^' || pattern[i] == '$') {
            if (!(pattern[i] == '^' && i > 0 && pattern[i - 1] == '[')) return true; // "[^" negates
        } else if (pattern[i] == '\\' && i + 1 < pattern.size()) {
            ++i;
            if (pattern[i] == 'b' || pattern[i] == 'B' || pattern[i] == 'A' || pattern[i] == 'z') return true;
        }
    }
    return false;
}

} // namespace nixie

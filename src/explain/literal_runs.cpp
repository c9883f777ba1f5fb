#include "explain/literal_runs.hpp"

#include <algorithm>
#include <utility>

#include "patterns/syntax.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_texts = 64; ///< of one run
constexpr std::size_t most_of_set = 10;
constexpr std::size_t longest_text = 200;

/// A piece of a pattern: either one of `texts`, or anything that holds each of `runs`.
struct Piece {
    bool finite = true;
    Literals texts{""};
    std::vector<Literals> runs;
};

Piece anything() { return {false, {}, {}}; }

bool fits(const Literals& texts) {
    return texts.size() <= most_texts &&
           std::all_of(texts.begin(), texts.end(), [](const std::string& text) { return text.size() <= longest_text; });
}

bool says_nothing(const Literals& texts) {
    return std::any_of(texts.begin(), texts.end(), [](const auto& text) { return text.empty(); });
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
        if (!says_nothing(texts_)) runs_.push_back(std::move(texts_));
        texts_ = {""};
    }
    bool finite_ = true;
    Literals texts_{""};
    std::vector<Literals> runs_;
};

Piece read(const Syntax& syntax);

Piece of_set(const ByteSet& set) {
    const auto characters = set.folded();
    if (set.has_beyond() || characters.size() > most_of_set) return anything();
    Literals texts;
    for (const char c : characters) texts.emplace_back(1, c);
    return {true, std::move(texts), {}};
}

Piece of_sequence(const std::vector<Syntax>& parts) {
    Joiner joiner;
    for (const auto& part : parts) joiner.add(read(part));
    return joiner.take();
}

Piece of_choice(const std::vector<Syntax>& parts) {
    Piece all{true, {}, {}};
    for (const auto& part : parts) {
        Piece next = read(part);
        if (!next.finite) return anything(); // each alternative needs something else
        all.texts.insert(all.texts.end(), next.texts.begin(), next.texts.end());
    }
    return fits(all.texts) ? all : anything();
}

Piece of_repeat(const Syntax& syntax) {
    Piece once = read(syntax.parts.front());
    if (syntax.least == 0) {
        if (syntax.most != 1 || !once.finite) return anything();
        once.texts.emplace_back();
        return once;
    }
    if (!once.finite) return once;
    Piece out = anything();
    if (!says_nothing(once.texts)) out.runs.push_back(std::move(once.texts));
    return out;
}

Piece read(const Syntax& syntax) {
    switch (syntax.kind) {
        case Syntax::Kind::text:
            return syntax.text.size() <= longest_text ? Piece{true, {syntax.text}, {}} : anything();
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
            return {};
    }
}

PatternBranch branch_of(const Syntax& syntax) {
    Piece piece = read(syntax);
    if (piece.finite) piece.runs = {std::move(piece.texts)};
    return {std::move(piece.runs), piece.finite};
}

bool is_assertion(Syntax::Kind kind) {
    return kind == Syntax::Kind::begin || kind == Syntax::Kind::end || kind == Syntax::Kind::text_begin ||
           kind == Syntax::Kind::text_end || kind == Syntax::Kind::word_edge || kind == Syntax::Kind::no_word_edge;
}

bool holds_assertion(const Syntax& syntax) {
    return is_assertion(syntax.kind) || std::any_of(syntax.parts.begin(), syntax.parts.end(), holds_assertion);
}

} // namespace

std::optional<std::vector<PatternBranch>> literal_runs(std::string_view pattern) {
    const auto syntax = syntax_of(pattern);
    if (!syntax) return std::nullopt;
    std::vector<PatternBranch> out;
    if (syntax->tree.kind != Syntax::Kind::choice) {
        out.push_back(branch_of(syntax->tree));
        return out;
    }
    for (const auto& part : syntax->tree.parts) out.push_back(branch_of(part));
    return out;
}

bool has_assertion(std::string_view pattern) {
    const auto syntax = syntax_of(pattern);
    return !syntax || holds_assertion(syntax->tree);
}

} // namespace nixie

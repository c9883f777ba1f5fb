// From the tree of a pattern to the steps of a Trial.
#include <algorithm>
#include <cassert>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "patterns/trial.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_steps = 4'000;
constexpr std::size_t most_trial_groups = 12;

/// A small letter and its capital, or another byte.
ByteSet letter_set(char letter) {
    const auto byte = static_cast<unsigned char>(letter);
    ByteSet out;
    out.add(byte);
    if (byte >= 'a' && byte <= 'z') out.add(byte ^ 0x20U);
    return out;
}

/// Can it match nothing?
bool may_be_empty(const Syntax& syntax) {
    const auto empty = [](const Syntax& part) { return may_be_empty(part); };
    switch (syntax.kind) {
        case Syntax::Kind::text:
        case Syntax::Kind::set:
            return false;
        case Syntax::Kind::choice:
            return std::any_of(syntax.parts.begin(), syntax.parts.end(), empty);
        case Syntax::Kind::repeat:
            return syntax.least == 0 || may_be_empty(syntax.parts.front());
        default:
            return std::all_of(syntax.parts.begin(), syntax.parts.end(), empty);
    }
}

} // namespace

class Trial::Compiler {
  public:
    explicit Compiler(Trial& out) : out_(out) { out_.sets_.emplace_back(); }

    bool compile(const Syntax& syntax) {
        emit(syntax);
        add(Op::done);
        if (failed_) return false;
        for (const auto& [select, begins] : choices_) begins_[select] = &begins;
        for (std::size_t i = 0; i < out_.steps_.size(); ++i) {
            Step& step = out_.steps_[i];
            if (step.op == Op::many) step.next = ahead_of(i + 1);
            if (step.op != Op::either) continue;
            step.next = ahead_of(step.to);
            step.next_other = ahead_of(step.other);
        }
        for (const auto& [select, begins] : choices_) make_selection(select, begins);
        out_.first_ = ahead_of(0);
        out_.anchored_ = out_.steps_.front().op == Op::begin;
        return !failed_;
    }

  private:
    std::size_t add(Op op) {
        if (out_.steps_.size() >= most_steps) failed_ = true;
        if (failed_ && !out_.steps_.empty()) return out_.steps_.size() - 1;
        Step step{};
        step.op = op;
        out_.steps_.push_back(step);
        return out_.steps_.size() - 1;
    }
    [[nodiscard]] std::uint16_t here() const { return static_cast<std::uint16_t>(out_.steps_.size()); }
    Step& at(std::size_t number) { return out_.steps_[number]; }

    std::uint16_t number_of(const ByteSet& set) {
        const auto begin = out_.sets_.begin() + 1;
        const auto known = std::find(begin, out_.sets_.end(), set);
        if (known != out_.sets_.end()) return static_cast<std::uint16_t>(known - out_.sets_.begin());
        out_.sets_.push_back(set);
        return static_cast<std::uint16_t>(out_.sets_.size() - 1);
    }

    void emit(const Syntax& syntax) {
        if (failed_) return;
        switch (syntax.kind) {
            case Syntax::Kind::text:
                emit_text(syntax.text);
                break;
            case Syntax::Kind::set:
                at(add(Op::one)).set = number_of(syntax.set);
                break;
            case Syntax::Kind::sequence:
                for (const auto& part : syntax.parts) emit(part);
                break;
            case Syntax::Kind::choice:
                emit_choice(syntax.parts);
                break;
            case Syntax::Kind::group:
                if (static_cast<std::size_t>(syntax.group) >= most_trial_groups) failed_ = true;
                at(add(Op::save)).to = static_cast<std::uint16_t>(2 * (syntax.group - 1));
                emit(syntax.parts.front());
                at(add(Op::save)).to = static_cast<std::uint16_t>(2 * (syntax.group - 1) + 1);
                break;
            case Syntax::Kind::repeat:
                emit_repeat(syntax);
                break;
            default:
                add(condition(syntax.kind));
        }
    }

    static Op condition(Syntax::Kind kind) {
        switch (kind) {
            case Syntax::Kind::begin:
                return Op::begin;
            case Syntax::Kind::end:
                return Op::end;
            case Syntax::Kind::text_begin:
                return Op::text_begin;
            case Syntax::Kind::text_end:
                return Op::text_end;
            case Syntax::Kind::word_edge:
                return Op::word_edge;
            default:
                return Op::no_word_edge;
        }
    }

    void emit_text(const std::string& letters) {
        Step& step = at(add(Op::text));
        if (out_.texts_.size() + letters.size() > std::numeric_limits<std::uint16_t>::max()) failed_ = true;
        step.to = static_cast<std::uint16_t>(out_.texts_.size());
        step.least = static_cast<std::uint16_t>(letters.size());
        out_.texts_ += letters;
    }
    void emit_choice(const std::vector<Syntax>& parts) {
        const auto select = add(Op::select);
        std::vector<std::size_t> ends;
        std::vector<std::uint16_t> begins;
        for (const auto& part : parts) {
            begins.push_back(here());
            emit(part);
            ends.push_back(add(Op::jump));
        }
        for (const auto end : ends) at(end).to = here();
        choices_.emplace_back(select, std::move(begins));
    }
    static bool may_begin(const ByteSet& set, std::size_t next) {
        return next == beyond_ascii ? set.has_beyond() : set.has(static_cast<unsigned char>(next));
    }
    std::uint16_t add_targets(const std::vector<std::uint16_t>& steps) {
        const auto out = static_cast<std::uint16_t>(out_.targets_.size());
        out_.targets_.insert(out_.targets_.end(), steps.begin(), steps.end());
        out_.targets_.push_back(no_target);
        if (out_.targets_.size() >= no_target) failed_ = true;
        return out;
    }
    /// Most characters begin none of the parts but those that may begin with any.
    void make_selection(std::size_t select, const std::vector<std::uint16_t>& begins) {
        std::vector<std::uint16_t> ahead, last, steps;
        ByteSet together;
        for (const auto begin : begins) {
            ahead.push_back(ahead_of(begin));
            together.add(out_.sets_[ahead.back()]);
            if (ahead.back() == 0) steps.push_back(begin);
        }
        Selection selection{};
        const auto for_others = add_targets(steps);
        selection.fill(for_others);
        auto for_last = for_others;
        for (std::size_t next = 0; next <= beyond_ascii; ++next) {
            if (!may_begin(together, next)) continue;
            steps.clear();
            for (std::size_t i = 0; i < begins.size(); ++i)
                if (ahead[i] == 0 || may_begin(out_.sets_[ahead[i]], next)) steps.push_back(begins[i]);
            if (steps != last) for_last = add_targets(steps);
            last.swap(steps);
            selection[next] = for_last;
        }
        at(select).to = static_cast<std::uint16_t>(out_.selections_.size());
        out_.selections_.push_back(selection);
    }

    /// Nothing where it may be more, or bytes of one that is not of ASCII.
    static std::optional<ByteSet> one_character(const Syntax& syntax) {
        if (syntax.kind == Syntax::Kind::set) return syntax.set;
        if (syntax.kind != Syntax::Kind::text || syntax.text.size() > 1) return std::nullopt;
        return letter_set(syntax.text.front());
    }
    void emit_repeat(const Syntax& syntax) {
        const Syntax& what = syntax.parts.front();
        const bool endless = syntax.most == Syntax::without_end;
        if (const auto set = one_character(what)) {
            Step& step = at(add(Op::many));
            step.set = number_of(*set);
            step.lazy = syntax.lazy;
            step.least = static_cast<std::uint16_t>(syntax.least);
            step.most = endless ? std::numeric_limits<std::uint16_t>::max() : static_cast<std::uint16_t>(syntax.most);
            return;
        }
        // What becomes of loops around nothing is RE2's affair.
        if (may_be_empty(what) && !(syntax.least == 0 && syntax.most == 1)) {
            failed_ = true;
            return;
        }
        for (int i = 0; i < syntax.least && !failed_; ++i) emit(what);
        if (endless) {
            const auto either = add(Op::either);
            const auto body = here();
            emit(what);
            at(add(Op::jump)).to = static_cast<std::uint16_t>(either);
            go_either(either, body, here(), syntax.lazy);
            return;
        }
        std::vector<std::pair<std::size_t, std::uint16_t>> optional;
        for (int i = syntax.least; i < syntax.most && !failed_; ++i) {
            const auto either = add(Op::either);
            optional.emplace_back(either, here());
            emit(what);
        }
        for (const auto& [either, body] : optional) go_either(either, body, here(), syntax.lazy);
    }
    void go_either(std::size_t either, std::uint16_t body, std::uint16_t behind, bool lazy) {
        at(either).to = lazy ? behind : body;
        at(either).other = lazy ? body : behind;
    }

    /// The set of what must come next to get on from a step; 0 if that may be anything, or the end.
    std::uint16_t ahead_of(std::size_t number) {
        ByteSet set;
        seen_.assign(out_.steps_.size(), false);
        return gather(number, set) ? number_of(set) : std::uint16_t{0};
    }
    bool gather(std::size_t start, ByteSet& set) {
        std::vector<std::size_t> open{start};
        while (!open.empty()) {
            const auto number = open.back();
            open.pop_back();
            if (seen_[number]) continue;
            seen_[number] = true;
            const Step& step = at(number);
            switch (step.op) {
                case Op::done:
                    return false;
                case Op::text:
                    set.add(letter_set(out_.texts_[step.to]));
                    break;
                case Op::one:
                    set.add(out_.sets_[step.set]);
                    break;
                case Op::many:
                    if (step.most > 0) set.add(out_.sets_[step.set]);
                    if (step.least == 0) open.push_back(number + 1);
                    break;
                case Op::either:
                    open.push_back(step.to);
                    open.push_back(step.other);
                    break;
                case Op::select:
                    open.insert(open.end(), begins_.at(number)->begin(), begins_.at(number)->end());
                    break;
                case Op::jump:
                    open.push_back(step.to);
                    break;
                default:
                    open.push_back(number + 1);
            }
        }
        return true;
    }

    Trial& out_;
    /// Each choice, and where its parts begin.
    std::vector<std::pair<std::size_t, std::vector<std::uint16_t>>> choices_;
    std::map<std::size_t, const std::vector<std::uint16_t>*> begins_; ///< by choice, when all are known
    std::vector<bool> seen_;
    bool failed_ = false;
};

std::optional<Trial> Trial::of(std::string_view pattern) {
    Trial out;
    auto syntax = syntax_of(pattern);
    if (!syntax || !Compiler(out).compile(syntax->tree)) return std::nullopt;
    out.group_names_ = std::move(syntax->group_names);
    out.ascii_only_ = syntax->ascii_only;
    return out;
}

} // namespace nixie

#include "patterns/trial.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "patterns/folding.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_frames = 256;
constexpr int most_given_up = 8; ///< a pattern that is too hard so often is not tried again
/// Many times what a match mostly takes.
constexpr std::size_t least_steps = 10'000;
constexpr std::size_t steps_a_byte = 16;

constexpr std::array<char, 256> small = [] {
    std::array<char, 256> out{};
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<char>(i >= 'A' && i <= 'Z' ? i - 'A' + 'a' : i);
    return out;
}();

constexpr bool is_word_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Within a character of UTF-8.
constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

} // namespace

/// One search. A character that is not of ASCII is taken as a whole, wherever one may be taken.
class Trial::Run {
  public:
    enum class Text : std::uint8_t { ascii, utf8 };

    Run(const Trial& trial, std::string_view text, Text kind, Lines lines, Where where)
        : steps_(trial.steps_.data()),
          sets_(trial.sets_.data()),
          texts_(trial.texts_.data()),
          selections_(trial.selections_.data()),
          targets_(trial.targets_.data()),
          text_(text.data()),
          size_(text.size()),
          ascii_(kind == Text::ascii),
          lines_(lines),
          where_(where),
          left_(static_cast<std::ptrdiff_t>(least_steps + steps_a_byte * text.size())) {
        saved_.fill(nowhere);
    }

    Outcome search(const Trial& trial) {
        if (where_ == Where::whole) return from(0);
        for (std::size_t begin = 0; begin <= size_; ++begin) {
            if (trial.anchored_ && begin > 0) {
                if (lines_ == Lines::one) return Outcome::no;
                const auto end = std::string_view(text_, size_).find('\n', begin - 1);
                if (end == std::string_view::npos) return Outcome::no;
                begin = end + 1;
            }
            if (trial.first_ != 0) {
                if (!trial.anchored_)
                    while (begin < size_ && !has(trial.first_, begin)) ++begin;
                if (begin == size_) return Outcome::no;
                if (!has(trial.first_, begin)) continue;
            }
            if (!at_character(begin)) continue;
            if (const auto outcome = from(begin); outcome != Outcome::no) return outcome;
        }
        return Outcome::no;
    }
    void tell(Places places) const {
        for (std::size_t i = 0; i < places.size(); ++i)
            places[i] = i == 0 ? begin_ : i == 1 ? end_ : i - 2 < saved_.size() ? saved_[i - 2] : nowhere;
    }

    static constexpr std::size_t most_groups = 12;

  private:
    /// Another way to go on from a place.
    struct Frame {
        enum class Kind : std::uint8_t { other, next, fewer, more, restore } kind;
        std::uint16_t step;
        std::uint32_t at, end;
    };

    [[nodiscard]] bool has(std::uint16_t set, std::size_t at) const {
        return sets_[set].has(static_cast<unsigned char>(text_[at]));
    }
    [[nodiscard]] bool may_follow(std::uint16_t set, std::size_t at) const {
        return set == 0 || (at < size_ && has(set, at));
    }
    [[nodiscard]] bool at_character(std::size_t at) const {
        return ascii_ || at == size_ || !is_continuation(text_[at]);
    }
    /// Behind the character at `at`.
    [[nodiscard]] std::size_t after(std::size_t at) const {
        do ++at;
        while (!at_character(at));
        return at;
    }
    [[nodiscard]] bool may_stop(const Step& many, std::size_t at) const {
        return at_character(at) && may_follow(many.next, at);
    }
    [[nodiscard]] bool is_word_edge(std::size_t at) const {
        return (at > 0 && is_word_letter(text_[at - 1])) != (at < size_ && is_word_letter(text_[at]));
    }
    [[nodiscard]] bool holds(Op op, std::size_t at) const {
        switch (op) {
            case Op::begin:
                return at == 0 || (lines_ == Lines::many && text_[at - 1] == '\n');
            case Op::end:
                return at == size_ || (lines_ == Lines::many && text_[at] == '\n');
            case Op::text_begin:
                return at == 0;
            case Op::text_end:
                return at == size_;
            case Op::word_edge:
                return is_word_edge(at);
            default:
                return !is_word_edge(at);
        }
    }
    bool push(Frame::Kind kind, std::size_t step, std::size_t at, std::size_t end) {
        if (height_ == frames_.size()) return false;
        frames_[height_++] = {kind, static_cast<std::uint16_t>(step), static_cast<std::uint32_t>(at),
                              static_cast<std::uint32_t>(end)};
        return true;
    }

    [[nodiscard]] bool take_text(const Step& step, std::size_t& at) const {
        const std::size_t length = step.least;
        if (size_ - at < length) return false;
        const char* letters = texts_ + step.to;
        for (std::size_t i = 0; i < length; ++i)
            if (small[static_cast<unsigned char>(text_[at + i])] != letters[i]) return false;
        at += length;
        return true;
    }

    enum class Went { on, back, out_of_room };

    /// Of the ends between two places the last (or first) behind which the pattern may go on.
    Went choose(std::size_t step, std::size_t low, std::size_t high, std::size_t& at) {
        const Step& many = steps_[step];
        left_ -= static_cast<std::ptrdiff_t>((high - low) / 4);
        if (many.lazy) {
            while (low <= high && !may_stop(many, low)) ++low;
            if (low > high) return Went::back;
            at = low;
            return low == high || push(Frame::Kind::more, step, low + 1, high) ? Went::on : Went::out_of_room;
        }
        while (high > low && !may_stop(many, high)) --high;
        if (high == low && !may_stop(many, high)) return Went::back;
        at = high;
        return low == high || push(Frame::Kind::fewer, step, low, high - 1) ? Went::on : Went::out_of_room;
    }

    Went take_many(std::size_t number, std::size_t& at) {
        const Step& step = steps_[number];
        const bool endless = step.most == std::numeric_limits<std::uint16_t>::max();
        if (!ascii_ && (step.least > 0 || !endless)) return take_counted(number, endless ? size_ : step.most, at);
        const auto limit = endless ? size_ : std::min(size_, at + step.most);
        auto end = at;
        while (end < limit && has(step.set, end)) ++end;
        left_ -= static_cast<std::ptrdiff_t>((end - at) / 4);
        if (end - at < step.least) return Went::back;
        return choose(number, at + step.least, end, at);
    }
    /// As take_many(), where what is counted are not bytes.
    Went take_counted(std::size_t number, std::size_t most, std::size_t& at) {
        const Step& step = steps_[number];
        auto low = at;
        auto end = at;
        std::size_t count = 0;
        for (; count < most && end < size_ && has(step.set, end); ++count) {
            end = after(end);
            if (count < step.least) low = end;
        }
        left_ -= static_cast<std::ptrdiff_t>(count / 4);
        return count < step.least ? Went::back : choose(number, low, end, at);
    }

    /// Goes to the step at the front of a list, and leaves the rest for later.
    Went select(std::size_t target, std::size_t& number, std::size_t at) {
        number = targets_[target];
        if (number == no_target) return Went::back;
        if (targets_[target + 1] == no_target) return Went::on;
        return push(Frame::Kind::next, 0, at, target + 1) ? Went::on : Went::out_of_room;
    }

    [[gnu::always_inline]] Went step_on(std::size_t& number, std::size_t& at) {
        const Step& step = steps_[number];
        switch (step.op) {
            case Op::text:
                if (!take_text(step, at)) return Went::back;
                break;
            case Op::one:
                if (at == size_ || !has(step.set, at)) return Went::back;
                at = after(at);
                break;
            case Op::many:
                if (const auto went = take_many(number, at); went != Went::on) return went;
                break;
            case Op::either: {
                const bool first = may_follow(step.next, at);
                const bool second = may_follow(step.next_other, at);
                if (!first && !second) return Went::back;
                if (first && second && !push(Frame::Kind::other, step.other, at, 0)) return Went::out_of_room;
                number = first ? step.to : step.other;
                return Went::on;
            }
            case Op::select: {
                const auto next = at == size_
                                      ? beyond_ascii + 1
                                      : std::min<std::size_t>(static_cast<unsigned char>(text_[at]), beyond_ascii);
                return select(selections_[step.to][next], number, at);
            }
            case Op::jump:
                number = step.to;
                return Went::on;
            case Op::save: {
                auto& saved = saved_[step.to];
                if (!push(Frame::Kind::restore, step.to, saved, 0)) return Went::out_of_room;
                saved = at;
                break;
            }
            case Op::done:
                return Went::back; // from() sees to it
            default:
                if (!holds(step.op, at)) return Went::back;
        }
        ++number;
        return Went::on;
    }

    /// Takes up the last way that was left.
    Went step_back(std::size_t& number, std::size_t& at) {
        while (height_ > 0) {
            const Frame frame = frames_[--height_];
            number = frame.step;
            if (frame.kind == Frame::Kind::restore) {
                saved_[frame.step] =
                    frame.at == std::numeric_limits<std::uint32_t>::max() ? nowhere : std::size_t{frame.at};
                continue;
            }
            if (frame.kind == Frame::Kind::other) {
                at = frame.at;
                return Went::on;
            }
            if (frame.kind == Frame::Kind::next) {
                at = frame.at;
                return select(frame.end, number, at);
            }
            const auto went = choose(number, frame.at, frame.end, at);
            if (went == Went::back) continue;
            ++number;
            return went;
        }
        return Went::back;
    }

    Outcome from(std::size_t begin) {
        std::size_t number = 0;
        std::size_t at = begin;
        for (;;) {
            if (--left_ < 0) return Outcome::too_hard;
            if (steps_[number].op == Op::done && (where_ == Where::anywhere || at == size_)) {
                begin_ = begin;
                end_ = at;
                return Outcome::yes;
            }
            auto went = step_on(number, at);
            if (went == Went::back && height_ == 0) return Outcome::no;
            if (went == Went::back) went = step_back(number, at);
            if (went == Went::out_of_room) return Outcome::too_hard;
            if (went == Went::back) return Outcome::no;
        }
    }

    const Step* steps_;
    const ByteSet* sets_;
    const char* texts_;
    const Selection* selections_;
    const std::uint16_t* targets_;
    const char* text_;
    std::size_t size_;
    bool ascii_;
    Lines lines_;
    Where where_;
    std::ptrdiff_t left_; ///< steps
    std::size_t begin_ = 0;
    std::size_t end_ = 0;
    std::array<std::size_t, 2 * most_groups> saved_;
    std::size_t height_ = 0;
    std::array<Frame, most_frames> frames_;
};

Trial::Trial(Trial&& other) noexcept
    : steps_(std::move(other.steps_)),
      sets_(std::move(other.sets_)),
      texts_(std::move(other.texts_)),
      selections_(std::move(other.selections_)),
      targets_(std::move(other.targets_)),
      first_(other.first_),
      anchored_(other.anchored_),
      ascii_only_(other.ascii_only_),
      group_names_(std::move(other.group_names_)) {}

Trial::Outcome Trial::match(std::string_view text, Lines lines, Where where, Places places) const {
    if (text.size() >= std::numeric_limits<std::uint32_t>::max()) return Outcome::too_hard;
    if (given_up_.load(std::memory_order_relaxed) >= most_given_up) return Outcome::too_hard;
    const bool ascii = is_ascii(text);
    if (!ascii && (ascii_only_ || folds_oddly(text) || !is_utf8(text))) return Outcome::too_hard;
    std::string folded;
    if (!ascii) fold_case(text, folded);
    Run run(*this, ascii ? text : folded, ascii ? Run::Text::ascii : Run::Text::utf8, lines, where);
    const auto outcome = run.search(*this);
    if (outcome == Outcome::yes) run.tell(places);
    if (outcome == Outcome::too_hard) given_up_.fetch_add(1, std::memory_order_relaxed);
    return outcome;
}

} // namespace nixie

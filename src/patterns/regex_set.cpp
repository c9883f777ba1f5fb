#include "patterns/regex_set.hpp"

#include <algorithm>
#include <cassert>
#include <limits>

#include "patterns/folding.hpp"

namespace nixie {
namespace {

/// Beside the bits of lists that are met.
constexpr std::uint8_t possible = 0x10;
constexpr std::uint8_t certain = 0x20;
constexpr std::uint8_t excluded = 0x40;

constexpr bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Whether `edge` is there between two characters, of which the one in the text must differ from the one in the word.
bool is_edge(Edge edge, Regex::Ends ends, bool at_end, char in_text, char in_word) {
    if (edge == Edge::none) return true;
    if (edge == Edge::end) return at_end || (ends == Regex::Ends::lines && in_text == '\n');
    return is_word(in_word) != (!at_end && is_word(in_text));
}

} // namespace

std::size_t RegexSet::add(Regex regex, Group group) {
    const auto number = static_cast<std::uint16_t>(regexes_.size());
    assert(regexes_.size() < std::numeric_limits<std::uint16_t>::max());
    const Requirement& requirement = regex.requirement();
    const auto lists = requirement.all.size();
    assert(lists <= 4);
    for (std::size_t i = 0; i < lists; ++i) {
        const Use use{number,
                      group,
                      static_cast<std::uint8_t>(1U << i),
                      static_cast<std::uint8_t>((1U << lists) - 1),
                      requirement.exact,
                      requirement.front,
                      requirement.back};
        add_words(requirement.all[i], use);
    }
    if (lists == 0) without_word_.push_back({number, group});
    groups_.push_back(group);
    regexes_.push_back(std::move(regex));
    return number;
}

std::uint16_t RegexSet::add_line(const Regex& regex) {
    const Requirement& requirement = regex.requirement();
    if (requirement.all.empty()) return no_line;
    assert(lines_ < no_line);
    Use use{lines_, 0, 0, 0, false, Edge::none, Edge::none};
    use.in_lines = true;
    add_words(requirement.all.front(), use);
    return lines_++;
}

void RegexSet::add_words(const OneOf& words, const Use& use) {
    for (const auto& text : words) {
        const auto word = literals_.add(text);
        if (word == uses_of_word_.size()) uses_of_word_.emplace_back();
        uses_of_word_[word].push_back(use);
    }
}

void RegexSet::finish() {
    literals_.finish();
    for (const auto& uses : uses_of_word_) {
        first_use_.push_back(static_cast<std::uint32_t>(uses_.size()));
        uses_.insert(uses_.end(), uses.begin(), uses.end());
    }
    first_use_.push_back(static_cast<std::uint32_t>(uses_.size()));
    uses_of_word_ = {};
}

void Search::note(std::uint16_t number, std::uint8_t state) {
    auto& now = states_[number];
    if ((now & (possible | certain)) == 0) candidates_.push_back(number);
    now |= state;
}

bool Search::edges_hold(const RegexSet::Use& use, const LiteralIndex::Hit& hit, std::string_view text) const {
    if (use.front == Edge::none && use.back == Edge::none) return true;
    const auto ends = set_.regexes_[use.regex].ends();
    const bool first = hit.begin == 0;
    const bool last = hit.end == text.size();
    return is_edge(use.front, ends, first, first ? '\0' : text[hit.begin - 1], text[hit.begin]) &&
           is_edge(use.back, ends, last, last ? '\0' : text[hit.end], text[hit.end - 1]);
}

void Search::look_at(std::string_view text, RegexSet::Group group) {
    texts_.push_back({text, group});
    for (const auto& without : set_.without_word_)
        if (without.group == group) note(without.regex, possible);
    if (folds_oddly(text)) {
        for (std::size_t i = 0; i < set_.size(); ++i)
            if (set_.groups_[i] == group) note(static_cast<std::uint16_t>(i), possible);
        std::fill(places_.begin(), places_.end(), ~Places{0});
        return;
    }
    fold_case(text, folded_);
    set_.literals_.find(folded_, [&](const LiteralIndex::Hit& hit) {
        const auto* const end = set_.uses_.data() + set_.first_use_[hit.word + 1];
        for (const auto* use = set_.uses_.data() + set_.first_use_[hit.word]; use != end; ++use) {
            if (use->group != group) continue;
            if (use->in_lines) {
                places_[use->regex] |= places_between(hit.begin, hit.end);
                continue;
            }
            auto& state = states_[use->regex];
            if ((state & (use->exact ? certain : possible)) != 0) continue;
            state |= use->list;
            if ((state & use->lists) != use->lists) continue;
            if (!use->exact)
                note(use->regex, possible);
            else if (edges_hold(*use, hit, text))
                note(use->regex, certain);
        }
    });
}

Search::Chance Search::chance(std::size_t number) const {
    const auto state = states_[number];
    if ((state & certain) != 0) return Chance::sure;
    return (state & possible) != 0 && (state & excluded) == 0 ? Chance::some : Chance::none;
}

bool Search::found(std::size_t number) const {
    const auto now = chance(number);
    if (now != Chance::some) return now == Chance::sure;
    const auto is_in = [&](const Text& text) {
        return text.group == set_.groups_[number] && set_[number].found_in(text.text);
    };
    const bool found = std::any_of(texts_.begin(), texts_.end(), is_in);
    states_[number] |= found ? certain : excluded;
    return found;
}

} // namespace nixie

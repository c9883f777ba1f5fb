#include "patterns/known.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace nixie {
namespace {

constexpr std::size_t most_strings = 16;      ///< that are followed through a pattern side by side
constexpr std::size_t most_alternatives = 64; ///< in one requirement

/// Blanks, as a literal may hold them.
constexpr std::string_view blanks = " \t\n\f\r\1";

void sort_unique(std::vector<std::string>& strings) {
    std::sort(strings.begin(), strings.end());
    strings.erase(std::unique(strings.begin(), strings.end()), strings.end());
}

std::size_t shortest(const OneOf& list) {
    std::size_t out = std::string::npos;
    for (const auto& text : list) out = std::min(out, text.size());
    return out;
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

/// Is nothing of it long enough to be found by, or is a blank beside any_space? How much of the white space were whose?
bool is_doubtful(std::string_view text) {
    if (text.find(any_space) == std::string_view::npos) return false;
    std::size_t longest = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const auto piece = text.substr(begin, text.find(any_space, begin) - begin);
        const bool at_blank = !piece.empty() && (blanks.find(piece.front()) != std::string_view::npos ||
                                                 blanks.find(piece.back()) != std::string_view::npos);
        const bool inside = piece.empty() && begin > 0 && begin < text.size();
        if (at_blank || inside) return true;
        longest = std::max(longest, piece.size());
        begin += piece.size() + 1;
    }
    return longest < 2;
}

} // namespace

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

bool tells_more(const OneOf& a, const OneOf& b) {
    return shortest(a) != shortest(b) ? shortest(a) > shortest(b) : a.size() < b.size();
}

void settle(Known& known) {
    if (!known.exact) return;
    find_first(known);
    CharacterMask common = ~CharacterMask{0};
    for (const auto& text : known.strings) common &= characters_of(text);
    known.characters |= known.strings.empty() ? 0 : common;
    sort_unique(known.strings);
    const bool clear = std::none_of(known.strings.begin(), known.strings.end(), is_doubtful);
    if (!known.strings.empty() && clear && shortest(known.strings) >= shortest_literal)
        known.all.push_back(known.strings);
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

void Sequence::add(Known next) {
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

void Sequence::add(std::string_view text) {
    at_start_ = false;
    if (is_first_) {
        Known known = exactly({std::string(text)});
        find_first(known);
        add_first(known);
    }
    for (auto& head : run_) head += text;
}

Known Sequence::finish() {
    out_.may_be_blank = is_first_;
    out_.exact = whole_;
    if (whole_)
        out_.strings = std::move(run_);
    else
        end_run();
    return std::move(out_);
}

void Sequence::add_first(const Known& next) {
    if (!is_first_) return;
    out_.first |= next.first;
    is_first_ = next.may_be_blank;
}

void Sequence::end_run() {
    if (run_.size() == 1 && run_.front().empty()) return;
    Known run = exactly(std::move(run_));
    settle(run);
    std::move(run.all.begin(), run.all.end(), std::back_inserter(out_.all));
    out_.characters |= run.characters;
    run_ = {""};
}

} // namespace nixie

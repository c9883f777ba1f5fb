#include "patterns/regex_set.hpp"

namespace nixie {

std::size_t RegexSet::add(Regex regex) {
    const auto number = regexes_.size();
    const Requirement& requirement = regex.requirement();
    for (const auto& list : requirement.all) {
        const auto list_number = static_cast<std::uint32_t>(regex_of_list_.size());
        regex_of_list_.push_back(static_cast<std::uint32_t>(number));
        for (const auto& text : list) {
            const auto word = literals_.add(text);
            if (word == lists_of_word_.size()) lists_of_word_.emplace_back();
            lists_of_word_[word].push_back(list_number);
        }
    }
    needs_.push_back({static_cast<std::uint8_t>(requirement.all.size()), // a few at most
                      requirement.exact ? Chance::sure : Chance::some});
    at_first_.push_back(requirement.all.empty() ? Chance::some : Chance::none);
    regexes_.push_back(std::move(regex));
    return number;
}

void RegexSet::finish() {
    literals_.finish();
    for (const auto& lists : lists_of_word_) {
        first_list_.push_back(static_cast<std::uint32_t>(lists_.size()));
        lists_.insert(lists_.end(), lists.begin(), lists.end());
    }
    first_list_.push_back(static_cast<std::uint32_t>(lists_.size()));
    lists_of_word_ = {};
}

std::vector<RegexSet::Chance> RegexSet::chances(std::string_view text) const {
    if (folds_oddly(text)) return std::vector<Chance>(regexes_.size(), Chance::some);
    std::vector<Chance> out = at_first_;
    std::vector<bool> met(regex_of_list_.size(), false);
    std::vector<std::uint8_t> count(regexes_.size(), 0);
    for (const auto word : literals_.find(fold_case(text)))
        for (auto i = first_list_[word]; i < first_list_[word + 1]; ++i) {
            const auto list = lists_[i];
            if (met[list]) continue;
            met[list] = true;
            const auto regex = regex_of_list_[list];
            if (++count[regex] == needs_[regex].lists) out[regex] = needs_[regex].then;
        }
    return out;
}

bool Search::found(std::size_t number) const {
    auto& chance = chances_[number];
    if (chance == RegexSet::Chance::some)
        chance = set_[number].found_in(text_) ? RegexSet::Chance::sure : RegexSet::Chance::none;
    return chance == RegexSet::Chance::sure;
}

} // namespace nixie

#include "evidence/pattern.hpp"

#include <algorithm>

namespace nixie {
namespace {

/// Of Group::address and those behind it.
constexpr std::array<std::string_view, group_count - 1> group_names{"address",    "original", "status", "code",
                                                                    "diagnostic", "mta",      "command"};

} // namespace

Pattern::Pattern(const std::string& text)
    : regex_(text, Regex::Ends::lines, group_names), anchored_(text.starts_with('^')) {
    groups_.set(0);
    for (std::size_t i = 0; i < group_names.size(); ++i)
        groups_.set(i + 1, text.find("(?P<" + std::string(group_names[i]) + ">") != std::string::npos);
}

Pattern Pattern::trusted(const std::string& text) { return Pattern(text); }

Result<Pattern> Pattern::compile(const std::string& text) {
    Pattern out(text);
    if (const auto complaint = out.regex_.complaint())
        return Error{ErrorCode::config, "pattern does not compile (" + *complaint + "): " + text};
    return out;
}

bool Pattern::captures(Group group) const { return groups_[static_cast<std::size_t>(group)]; }

bool AnyOf::all_capture(Group group) const {
    return std::all_of(patterns_.begin(), patterns_.end(), [&](const Pattern& p) { return p.captures(group); });
}

bool AnyOf::found_in(std::string_view line, const LineMarks& marks) const {
    return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& p) { return p.found_in(line, marks); });
}

bool AnyOf::found_in(std::string_view line, const LineMarks& marks, const Search& words) const {
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const Pattern& p) { return p.may_be_in(marks, words) && p.found_in(line, marks); });
}

bool AnyOf::match(std::string_view line, const LineMarks& marks, const Search& words, Groups& groups) const {
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const Pattern& p) { return p.may_be_in(marks, words) && p.match(line, marks, groups); });
}

bool AnyOf::match_again(std::string_view text, Groups& groups) const {
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const Pattern& p) { return !p.anchored() && p.match(text, groups); });
}

} // namespace nixie

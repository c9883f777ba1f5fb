#include <algorithm>
#include <optional>

#include "patterns/requirement.hpp"

namespace nixie {
namespace {

/// Goes through a pattern's characters that are neither escaped nor in a class, with the depth of groups that each is in.
class TopLevel {
  public:
    explicit TopLevel(std::string_view pattern) : pattern_(pattern) {}

    /// The place of the next bar outside of groups, or of the bracket that ends a group which the pattern begins with.
    std::optional<std::size_t> next(char wanted) {
        while (at_ < pattern_.size()) {
            const auto here = at_;
            const char c = pattern_[at_++];
            if (c == '\\') {
                ++at_;
            } else if (c == '[') {
                pass_class();
            } else if (c == '(') {
                ++depth_;
            } else if (c == ')') {
                --depth_;
                if (depth_ == 0 && wanted == ')') return here;
            } else if (c == '|' && depth_ == 0 && wanted == '|') {
                return here;
            }
        }
        return std::nullopt;
    }

  private:
    void pass_class() {
        if (at_ < pattern_.size() && pattern_[at_] == '^') ++at_;
        for (bool first = true; at_ < pattern_.size(); first = false) {
            const char c = pattern_[at_++];
            if (c == ']' && !first) return;
            if (c == '\\') ++at_;
            if (c == '[' && at_ < pattern_.size() && pattern_[at_] == ':') at_ = pattern_.find(']', at_) + 1;
            if (at_ == 0) at_ = pattern_.size(); // ":]" never came
        }
    }

    std::string_view pattern_;
    std::size_t at_ = 0;
    int depth_ = 0;
};

/// Whether it quotes, or changes flags, which hold to the end of its group.
bool is_beyond(std::string_view pattern) {
    if (pattern.find("\\Q") != std::string_view::npos) return true;
    for (auto at = pattern.find("(?"); at != std::string_view::npos; at = pattern.find("(?", at + 2))
        if (pattern[std::min(at + 2, pattern.size() - 1)] != ':' && pattern.substr(at + 2, 2) != "P<") return true;
    return false;
}

/// Without the "(?:…)" around all of it.
std::string_view without_group(std::string_view pattern) {
    while (pattern.starts_with("(?:") && TopLevel(pattern).next(')') == pattern.size() - 1)
        pattern = pattern.substr(3, pattern.size() - 4);
    return pattern;
}

} // namespace

std::vector<std::string> alternatives_of(const std::string& pattern) {
    if (is_beyond(pattern)) return {pattern};
    std::vector<std::string> out;
    std::vector<std::string_view> rest{pattern};
    while (!rest.empty()) {
        const auto whole = without_group(rest.back());
        rest.pop_back();
        TopLevel bars(whole);
        std::size_t begin = 0;
        std::vector<std::string_view> parts;
        while (const auto bar = bars.next('|')) {
            parts.push_back(whole.substr(begin, *bar - begin));
            begin = *bar + 1;
        }
        if (parts.empty()) {
            out.emplace_back(whole);
            continue;
        }
        parts.push_back(whole.substr(begin));
        rest.insert(rest.end(), parts.rbegin(), parts.rend());
    }
    return out;
}

} // namespace nixie

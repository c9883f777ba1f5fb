#include "evidence/pattern.hpp"

#include <re2/re2.h>
#include <re2/set.h>

#include <algorithm>

namespace nixie {
namespace {

constexpr std::array<std::string_view, group_count> group_names{"",     "address",    "original", "status",
                                                                "code", "diagnostic", "mta"};
constexpr std::int64_t pattern_memory = 2 << 20;
constexpr std::int64_t set_memory = 64 << 20;

RE2::Options options(std::int64_t memory) {
    RE2::Options out;
    out.set_case_sensitive(false);
    out.set_log_errors(false);
    out.set_max_mem(memory);
    return out;
}

/// `^` and `$` stand for the ends of a line.
std::string by_line(const std::string& text) { return "(?m)" + text; }

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

} // namespace

Pattern::Pattern(std::unique_ptr<RE2> re, bool anchored) : re_(std::move(re)), anchored_(anchored) {
    index_.fill(-1);
    index_[0] = 0;
    for (const auto& [name, number] : re_->NamedCapturingGroups()) {
        const auto known = std::find(group_names.begin(), group_names.end(), name);
        index_[static_cast<std::size_t>(known - group_names.begin())] = number;
    }
}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(const std::string& text) {
    auto re = std::make_unique<RE2>(by_line(text), options(pattern_memory));
    if (!re->ok()) return Error{ErrorCode::config, "pattern does not compile (" + re->error() + "): " + text};
    for (const auto& [name, number] : re->NamedCapturingGroups())
        if (std::find(group_names.begin(), group_names.end(), name) == group_names.end())
            return Error{ErrorCode::config, "pattern has an unknown group '" + name + "': " + text};
    return Pattern(std::move(re), text.starts_with('^'));
}

bool Pattern::found_in(std::string_view text) const {
    return re_->Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

bool Pattern::match(std::string_view text, Groups& groups) const {
    constexpr int most = 10;
    std::array<re2::StringPiece, most> found;
    const int wanted = std::min(most, re_->NumberOfCapturingGroups() + 1);
    if (!re_->Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(), wanted)) return false;
    for (std::size_t i = 0; i < groups.texts.size(); ++i) {
        groups.texts[i] = {};
        if (index_[i] < 0 || index_[i] >= wanted) continue;
        const auto& capture = found[static_cast<std::size_t>(index_[i])];
        if (capture.data() != nullptr) groups.texts[i] = {capture.data(), capture.size()};
    }
    return true;
}

struct PatternSet::Impl {
    RE2::Set set{options(set_memory), RE2::UNANCHORED};
    std::vector<std::unique_ptr<RE2>> each; ///< for the day the set runs out of memory
};

PatternSet::PatternSet() : impl_(std::make_unique<Impl>()) {}
PatternSet::PatternSet(PatternSet&&) noexcept = default;
PatternSet& PatternSet::operator=(PatternSet&&) noexcept = default;
PatternSet::~PatternSet() = default;

std::size_t PatternSet::add(const std::string& pattern) {
    impl_->each.push_back(std::make_unique<RE2>(by_line(pattern), options(pattern_memory)));
    [[maybe_unused]] const int number = impl_->set.Add(by_line(pattern), nullptr);
    assert(number + 1 == static_cast<int>(impl_->each.size()));
    return impl_->each.size() - 1;
}

void PatternSet::compile() {
    [[maybe_unused]] const bool compiled = impl_->set.Compile();
    assert(compiled);
}

std::vector<bool> PatternSet::found_in(std::string_view text) const {
    std::vector<bool> out(impl_->each.size(), false);
    if (out.empty()) return out;
    std::vector<int> hits;
    RE2::Set::ErrorInfo failure{RE2::Set::kNoError};
    if (impl_->set.Match(piece(text), &hits, &failure)) {
        for (const int hit : hits) out[static_cast<std::size_t>(hit)] = true;
    } else if (failure.kind == RE2::Set::kOutOfMemory) {
        for (std::size_t i = 0; i < out.size(); ++i)
            out[i] = impl_->each[i]->Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
    }
    return out;
}

bool AnyOf::all_capture(Group group) const {
    return std::all_of(patterns_.begin(), patterns_.end(), [&](const Pattern& p) { return p.captures(group); });
}

bool AnyOf::found_in(std::string_view text) const {
    return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& p) { return p.found_in(text); });
}

bool AnyOf::match(std::string_view text, Groups& groups) const {
    return std::any_of(patterns_.begin(), patterns_.end(), [&](const Pattern& p) { return p.match(text, groups); });
}

bool AnyOf::match_again(std::string_view text, Groups& groups) const {
    return std::any_of(patterns_.begin(), patterns_.end(),
                       [&](const Pattern& p) { return !p.anchored() && p.match(text, groups); });
}

} // namespace nixie

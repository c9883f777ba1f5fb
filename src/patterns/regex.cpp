#include "patterns/regex.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <mutex>
#include <vector>

namespace nixie {
namespace {

/// Of one pattern; its automata are built as texts need them and dropped when this is used up.
constexpr std::int64_t pattern_memory = 4 << 20;
constexpr std::size_t most_groups = 12;

RE2::Options options() {
    RE2::Options out;
    out.set_case_sensitive(false);
    out.set_log_errors(false);
    out.set_max_mem(pattern_memory);
    return out;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

} // namespace

struct Regex::Impl {
    std::string source;
    Ends ends;
    Names names;
    Requirement requirement;
    std::once_flag once{};
    std::unique_ptr<const RE2> compiled{};
    std::vector<int> numbers{}; ///< of the group of each name; -1 for none

    const RE2& re2() {
        std::call_once(once, [this] {
            compiled = std::make_unique<const RE2>((ends == Ends::lines ? "(?m)" : "") + source, options());
            const auto& groups = compiled->NamedCapturingGroups();
            for (const auto& name : names) {
                const auto found = groups.find(std::string(name));
                numbers.push_back(found == groups.end() ? -1 : found->second);
            }
        });
        return *compiled;
    }
};

Regex::Regex(std::string source, Ends ends, Names names) {
    auto requirement = requirement_of(source);
    gate_ = {requirement.characters, requirement.first};
    impl_ = std::unique_ptr<Impl>(new Impl{std::move(source), ends, names, std::move(requirement)});
}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

std::optional<std::string> Regex::complaint() const {
    const RE2& re2 = impl_->re2();
    if (!re2.ok()) return re2.error();
    for (const auto& [name, number] : re2.NamedCapturingGroups())
        if (std::find(impl_->names.begin(), impl_->names.end(), name) == impl_->names.end())
            return "unknown group '" + name + "'";
    if (re2.NumberOfCapturingGroups() >= static_cast<int>(most_groups)) return "too many groups";
    return std::nullopt;
}

const std::string& Regex::source() const { return impl_->source; }
const Requirement& Regex::requirement() const { return impl_->requirement; }

bool Regex::is_out(std::string_view text) const {
    constexpr std::size_t short_text = 1000; // a longer one holds every common character
    return gate_.characters != 0 && text.size() <= short_text && (gate_.characters & ~characters_of(text)) != 0;
}

bool Regex::found_in(std::string_view text) const { return !is_out(text) && search(text); }

bool Regex::found_in(std::string_view line, const LineMarks& marks) const {
    return may_pass(gate_, marks) && search(line);
}

bool Regex::search(std::string_view text) const {
    return impl_->re2().Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
}

std::optional<std::string_view> Regex::find(std::string_view text) const {
    re2::StringPiece found;
    if (is_out(text) || !impl_->re2().Match(piece(text), 0, text.size(), RE2::UNANCHORED, &found, 1))
        return std::nullopt;
    return std::string_view(found.data(), found.size());
}

bool Regex::matches_whole(std::string_view text) const {
    return impl_->re2().Match(piece(text), 0, text.size(), RE2::ANCHOR_BOTH, nullptr, 0);
}

bool Regex::capture(std::string_view text, std::span<std::string_view> groups) const {
    return !is_out(text) && search(text, groups);
}

bool Regex::capture(std::string_view line, const LineMarks& marks, std::span<std::string_view> groups) const {
    return may_pass(gate_, marks) && search(line, groups);
}

bool Regex::search(std::string_view text, std::span<std::string_view> groups) const {
    assert(groups.size() == impl_->names.size() + 1);
    const RE2& re2 = impl_->re2();
    std::array<re2::StringPiece, most_groups> found;
    const int wanted = std::min(static_cast<int>(most_groups), re2.NumberOfCapturingGroups() + 1);
    if (!re2.Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(), wanted)) return false;
    groups[0] = {found[0].data(), found[0].size()};
    for (std::size_t i = 0; i < impl_->numbers.size(); ++i) {
        const int number = impl_->numbers[i];
        groups[i + 1] = {};
        if (number < 0 || number >= wanted) continue;
        const auto& capture = found[static_cast<std::size_t>(number)];
        if (capture.data() != nullptr) groups[i + 1] = {capture.data(), capture.size()};
    }
    return true;
}

} // namespace nixie

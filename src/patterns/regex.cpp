#include "patterns/regex.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cassert>
#include <mutex>
#include <vector>

#include "base/text.hpp"
#include "patterns/trial.hpp"

namespace nixie {
namespace {

/// Of one pattern; its automata are built as texts need them and dropped when this is used up.
constexpr std::int64_t pattern_memory = 4 << 20;
constexpr std::size_t most_groups = 12;
/// To look through a longer text before each match would make many matches in it dear.
constexpr std::size_t longest_tried = 4096;

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

    /// What is made when first needed.
    std::once_flag compiled_once{};
    std::unique_ptr<const RE2> compiled{};
    std::vector<int> numbers{}; ///< of the group of each name in `compiled`; -1 for none
    std::once_flag trial_once{};
    std::atomic<bool> trial_made = false;
    std::optional<Trial> trial{};
    std::vector<int> trial_numbers{};

    const RE2& re2() {
        std::call_once(compiled_once, [this] {
            compiled = std::make_unique<const RE2>((ends == Ends::lines ? "(?m)" : "") + source, options());
            const auto& groups = compiled->NamedCapturingGroups();
            for (const auto& name : names) {
                const auto found = groups.find(std::string(name));
                numbers.push_back(found == groups.end() ? -1 : found->second);
            }
        });
        return *compiled;
    }
    const std::optional<Trial>& quick() {
        if (!trial_made.load(std::memory_order_acquire)) std::call_once(trial_once, [this] { make_trial(); });
        return trial;
    }
    void make_trial() {
        if (auto made = Trial::of(source)) trial.emplace(std::move(*made));
        for (const auto& name : names) {
            if (!trial) break;
            const auto& known = trial->group_names();
            const auto found = std::find(known.begin(), known.end(), name);
            trial_numbers.push_back(found == known.end() ? -1 : static_cast<int>(found - known.begin()) + 1);
        }
        trial_made.store(true, std::memory_order_release);
    }
    /// Most patterns fail or match at once.
    Trial::Outcome attempt(std::string_view text, Trial::Where where, Trial::Places places) {
        if (text.size() > longest_tried || !quick()) return Trial::Outcome::too_hard;
        const auto lines = ends == Ends::lines ? Trial::Lines::many : Trial::Lines::one;
        return trial->match(text, lines, where, places);
    }

    bool found_in(std::string_view text) {
        const auto outcome = attempt(text, Trial::Where::anywhere, {});
        if (outcome != Trial::Outcome::too_hard) return outcome == Trial::Outcome::yes;
        return re2().Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
    }
    bool capture(std::string_view text, std::span<std::string_view> groups) {
        assert(groups.size() == names.size() + 1);
        std::array<std::size_t, 2 * most_groups> places{};
        const auto outcome = attempt(text, Trial::Where::anywhere, places);
        if (outcome == Trial::Outcome::too_hard) return capture_slowly(text, groups);
        if (outcome == Trial::Outcome::no) return false;
        groups[0] = text.substr(places[0], places[1] - places[0]);
        for (std::size_t i = 0; i < trial_numbers.size(); ++i) {
            groups[i + 1] = {};
            if (trial_numbers[i] < 0) continue;
            const auto at = 2 * static_cast<std::size_t>(trial_numbers[i]);
            if (places[at] != Trial::nowhere && places[at + 1] != Trial::nowhere)
                groups[i + 1] = text.substr(places[at], places[at + 1] - places[at]);
        }
        return true;
    }
    bool capture_slowly(std::string_view text, std::span<std::string_view> groups) {
        std::array<re2::StringPiece, most_groups> found;
        const int wanted = std::min(static_cast<int>(most_groups), re2().NumberOfCapturingGroups() + 1);
        if (!re2().Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(), wanted)) return false;
        groups[0] = {found[0].data(), found[0].size()};
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            const int number = numbers[i];
            groups[i + 1] = {};
            if (number < 0 || number >= wanted) continue;
            const auto& capture = found[static_cast<std::size_t>(number)];
            if (capture.data() != nullptr) groups[i + 1] = {capture.data(), capture.size()};
        }
        return true;
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
Regex::Ends Regex::ends() const { return impl_->ends; }

bool Regex::found_in(std::string_view text) const { return impl_->found_in(text); }

bool Regex::found_in(std::string_view line, const LineMarks& marks) const {
    return may_pass(gate_, marks) && impl_->found_in(line);
}

std::optional<std::string_view> Regex::find(std::string_view text) const {
    std::array<std::size_t, 2> places{};
    const auto outcome = impl_->attempt(text, Trial::Where::anywhere, places);
    if (outcome == Trial::Outcome::no) return std::nullopt;
    if (outcome == Trial::Outcome::yes) return text.substr(places[0], places[1] - places[0]);
    re2::StringPiece found;
    if (!impl_->re2().Match(piece(text), 0, text.size(), RE2::UNANCHORED, &found, 1)) return std::nullopt;
    return std::string_view(found.data(), found.size());
}

bool Regex::matches_whole(std::string_view text) const {
    const auto outcome = impl_->attempt(text, Trial::Where::whole, {});
    if (outcome != Trial::Outcome::too_hard) return outcome == Trial::Outcome::yes;
    return impl_->re2().Match(piece(text), 0, text.size(), RE2::ANCHOR_BOTH, nullptr, 0);
}

bool Regex::capture(std::string_view text, std::span<std::string_view> groups) const {
    return impl_->capture(text, groups);
}

bool Regex::capture(std::string_view line, const LineMarks& marks, std::span<std::string_view> groups) const {
    return may_pass(gate_, marks) && impl_->capture(line, groups);
}

} // namespace nixie

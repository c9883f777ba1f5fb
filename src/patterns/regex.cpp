#include "patterns/regex.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <mutex>
#include <vector>

#include "base/text.hpp"

namespace nixie {
namespace {

/// Of one pattern; its automata are built as texts need them and dropped when this is used up.
constexpr std::int64_t pattern_memory = 4 << 20;
constexpr std::size_t most_groups = 12;

/// In one of its forms a pattern is compiled for texts of ASCII alone: then a character is a byte, of which there are a tenth as
/// many states.
enum class Letters { ascii, any };

RE2::Options options(Letters letters) {
    RE2::Options out;
    out.set_case_sensitive(false);
    out.set_log_errors(false);
    out.set_max_mem(pattern_memory);
    if (letters == Letters::ascii) out.set_encoding(RE2::Options::EncodingLatin1);
    return out;
}

/// Whether it means the same byte by byte, as long as the text is ASCII.
bool is_bytewise(std::string_view source) {
    return is_ascii(source) && source.find("\\x") == std::string_view::npos &&
           source.find("\\p") == std::string_view::npos && source.find("\\P") == std::string_view::npos;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

} // namespace

struct Regex::Impl {
    /// How much of a text there is: in one line `^` and `$` are the text's ends, which saves looking for others.
    enum class Extent { line, text };

    struct Form {
        std::once_flag once{};
        std::unique_ptr<const RE2> compiled{};
    };

    std::string source;
    Ends ends;
    Names names;
    Requirement requirement;
    bool bytewise = is_bytewise(source);
    std::array<Form, 4> forms{};
    std::once_flag once{};
    std::vector<int> numbers{}; ///< of the group of each name; -1 for none

    const RE2& form(Extent extent, Letters letters) {
        const bool by_lines = ends == Ends::lines && extent == Extent::text;
        Form& out = forms[(by_lines ? 1U : 0U) + (letters == Letters::ascii ? 2U : 0U)];
        std::call_once(out.once, [&] {
            out.compiled = std::make_unique<const RE2>((by_lines ? "(?m)" : "") + source, options(letters));
        });
        return *out.compiled;
    }
    const RE2& any_form() { return form(Extent::text, Letters::any); }
    const RE2& form_for(std::string_view text, Extent extent) {
        return form(extent, bytewise && is_ascii(text) ? Letters::ascii : Letters::any);
    }
    const std::vector<int>& group_numbers(const RE2& re2) {
        std::call_once(once, [&] {
            const auto& groups = re2.NamedCapturingGroups();
            for (const auto& name : names) {
                const auto found = groups.find(std::string(name));
                numbers.push_back(found == groups.end() ? -1 : found->second);
            }
        });
        return numbers;
    }
    bool found_in(std::string_view text, Extent extent) {
        return form_for(text, extent).Match(piece(text), 0, text.size(), RE2::UNANCHORED, nullptr, 0);
    }
    bool capture(std::string_view text, Extent extent, std::span<std::string_view> groups);
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
    const RE2& re2 = impl_->any_form();
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

bool Regex::is_out(std::string_view text) const {
    constexpr std::size_t short_text = 1000; // a longer one holds every common character
    return gate_.characters != 0 && text.size() <= short_text && (gate_.characters & ~characters_of(text)) != 0;
}

bool Regex::found_in(std::string_view text) const { return !is_out(text) && impl_->found_in(text, Impl::Extent::text); }

bool Regex::found_in(std::string_view line, const LineMarks& marks) const {
    return may_pass(gate_, marks) && impl_->found_in(line, Impl::Extent::line);
}

std::optional<std::string_view> Regex::find(std::string_view text) const {
    re2::StringPiece found;
    if (is_out(text) ||
        !impl_->form_for(text, Impl::Extent::text).Match(piece(text), 0, text.size(), RE2::UNANCHORED, &found, 1))
        return std::nullopt;
    return std::string_view(found.data(), found.size());
}

bool Regex::matches_whole(std::string_view text) const {
    return impl_->form_for(text, Impl::Extent::text).Match(piece(text), 0, text.size(), RE2::ANCHOR_BOTH, nullptr, 0);
}

bool Regex::capture(std::string_view text, std::span<std::string_view> groups) const {
    return !is_out(text) && impl_->capture(text, Impl::Extent::text, groups);
}

bool Regex::capture(std::string_view line, const LineMarks& marks, std::span<std::string_view> groups) const {
    return may_pass(gate_, marks) && impl_->capture(line, Impl::Extent::line, groups);
}

bool Regex::Impl::capture(std::string_view text, Extent extent, std::span<std::string_view> groups) {
    assert(groups.size() == names.size() + 1);
    const RE2& re2 = form_for(text, extent);
    std::array<re2::StringPiece, most_groups> found;
    const int wanted = std::min(static_cast<int>(most_groups), re2.NumberOfCapturingGroups() + 1);
    if (!re2.Match(piece(text), 0, text.size(), RE2::UNANCHORED, found.data(), wanted)) return false;
    groups[0] = {found[0].data(), found[0].size()};
    const auto& group_of_name = group_numbers(re2);
    for (std::size_t i = 0; i < group_of_name.size(); ++i) {
        const int number = group_of_name[i];
        groups[i + 1] = {};
        if (number < 0 || number >= wanted) continue;
        const auto& capture = found[static_cast<std::size_t>(number)];
        if (capture.data() != nullptr) groups[i + 1] = {capture.data(), capture.size()};
    }
    return true;
}

} // namespace nixie

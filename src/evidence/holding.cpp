#include "evidence/holding.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t longest_header_value = 1'000;

/// A subject without the "Re:" of any language in front.
std::string_view without_reply_marks(std::string_view subject) {
    constexpr std::array<std::string_view, 10> marks{"re", "aw", "fw", "fwd", "sv", "vs", "tr", "rv", "ref", "wg"};
    for (;;) {
        const auto colon = subject.substr(0, 5).find(':');
        if (colon == std::string_view::npos) return subject;
        const auto mark = trim(subject.substr(0, colon));
        const auto is_mark = [&](std::string_view known) { return equals_ignoring_case(mark, known); };
        if (std::none_of(marks.begin(), marks.end(), is_mark)) return subject;
        subject = trim(subject.substr(colon + 1));
    }
}

} // namespace

Holding::Holding(const Formats::Impl& formats, const Headers& headers, std::string_view text, std::string attachments)
    : attachment_names_(std::move(attachments)),
      headers_(formats.header_patterns),
      text_(formats.text_patterns),
      attachments_(formats.attachment_patterns) {
    look_at(headers, formats.header_names);
    text_.look_at(text);
    attachments_.look_at(attachment_names_);
    find_candidates(formats);
}

void Holding::look_at(const Headers& headers, const HeaderNames& names) {
    for (const auto& field : headers.fields()) {
        const auto number = names.find(field.name);
        if (!number) continue;
        auto value = clip(field.value, longest_header_value);
        if (!is_space_folded(value)) value = values_.emplace_back(fold_space(value));
        headers_.look_at(equals_ignoring_case(field.name, "Subject") ? without_reply_marks(value) : value, *number);
    }
}

void Holding::find_candidates(const Formats::Impl& formats) {
    constexpr std::size_t usual = 16;
    formats_.reserve(usual);
    kinds_.reserve(usual);
    std::vector<std::uint32_t> met(formats.uses.all.size(), 0);
    const auto note = [&](const Search& search, const std::vector<Formats::Impl::Use>& uses) {
        for (const auto pattern : search.candidates()) met[uses[pattern].owner] |= uses[pattern].condition;
    };
    note(headers_, formats.uses.header);
    note(text_, formats.uses.text);
    note(attachments_, formats.uses.attachment);
    const auto count = formats.formats.size();
    for (std::size_t i = 0; i < met.size(); ++i) {
        if (met[i] != formats.uses.all[i]) continue;
        if (i < count)
            formats_.push_back(&formats.formats[i]);
        else
            kinds_.push_back(&formats.kinds[i - count]);
    }
}

bool Holding::holds(const Condition& condition) const {
    const auto& search = condition.in == Condition::In::header ? headers_
                         : condition.in == Condition::In::text ? text_
                                                               : attachments_;
    for (auto number = condition.first; number < condition.end; ++number)
        if (search.found(number)) return true;
    return false;
}

bool Holding::all(const std::vector<Condition>& conditions) const {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& one) { return holds(one); });
}

bool Holding::any(const std::vector<Condition>& conditions) const {
    return std::any_of(conditions.begin(), conditions.end(), [&](const Condition& one) { return holds(one); });
}

const KindRule* Holding::find(Kind kind, Signs signs) const {
    for (const auto* rule : kinds_)
        if (rule->kind == kind && (signs == Signs::any || rule->sure == (signs == Signs::sure)) && all(rule->when))
            return rule;
    return nullptr;
}

} // namespace nixie

#include "evidence/format.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t longest_header_value = 1'000;

/// A subject without the "Re:" of any language in front.
std::string without_reply_marks(std::string_view subject) {
    constexpr std::array<std::string_view, 10> marks{"re", "aw", "fw", "fwd", "sv", "vs", "tr", "rv", "ref", "wg"};
    for (;;) {
        const auto colon = subject.substr(0, 5).find(':');
        if (colon == std::string_view::npos) break;
        const auto mark = trim(subject.substr(0, colon));
        const auto is_mark = [&](std::string_view known) { return equals_ignoring_case(mark, known); };
        if (std::none_of(marks.begin(), marks.end(), is_mark)) break;
        subject = trim(subject.substr(colon + 1));
    }
    return std::string(subject);
}

/// The header fields that conditions ask for: a line "name:" in lower case, then a line with the value.
std::string header_text(const Formats::Impl& formats, const Headers& headers) {
    std::string out;
    for (const auto& field : headers.fields()) {
        const auto name = to_lower(field.name);
        if (formats.header_names.count(name) == 0) continue;
        auto value = fold_space(clip(field.value, longest_header_value));
        if (name == "subject") value = without_reply_marks(value);
        out += name + ":\n" + value + "\n";
    }
    return out;
}

} // namespace

Holding::Holding(const Formats::Impl& formats, const Headers& headers, std::string_view text, std::string attachments)
    : formats_(formats),
      header_text_(header_text(formats, headers)),
      attachment_names_(std::move(attachments)),
      headers_(formats.header_patterns, header_text_),
      text_(formats.text_patterns, text),
      attachments_(formats.attachment_patterns, attachment_names_) {}

bool Holding::all(const std::vector<Condition>& conditions) const {
    return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& condition) {
        const auto& search = condition.in == Condition::In::header ? headers_
                             : condition.in == Condition::In::text ? text_
                                                                   : attachments_;
        for (auto number = condition.first; number < condition.end; ++number)
            if (search.found(number)) return true;
        return false;
    });
}

const KindRule* Holding::find(Kind kind, Signs signs) const {
    for (const auto& rule : formats_.kinds)
        if (rule.kind == kind && (rule.sure || signs == Signs::any) && all(rule.when)) return &rule;
    return nullptr;
}

Formats Formats::Impl::wrap(Impl impl) { return Formats(std::make_unique<const Impl>(std::move(impl))); }

Formats::Formats(std::unique_ptr<const Impl> impl) : impl_(std::move(impl)) {}
Formats::Formats(Formats&&) noexcept = default;
Formats& Formats::operator=(Formats&&) noexcept = default;
Formats::~Formats() = default;

Formats Formats::built_in() {
    auto impl = load_formats(built_in_files("formats"));
    return Formats(std::make_unique<const Impl>(std::move(impl).value()));
}

Result<Formats> Formats::with_own(const std::string& directory) {
    const auto own = files_in(directory);
    if (!own) return own.error();
    std::vector<FormatSource> sources;
    for (const auto& file : *own) sources.push_back({file, true});
    for (const auto& file : built_in_files("formats")) sources.push_back({file});
    std::vector<Error> errors;
    auto impl = read_formats(sources, errors);
    if (!errors.empty()) return errors.front();
    return Formats(std::make_unique<const Impl>(std::move(impl)));
}

Result<Formats> Formats::from_directory(const std::string& directory) {
    const auto files = files_in(directory);
    if (!files) return files.error();
    auto impl = load_formats(*files);
    if (!impl) return impl.error();
    return Formats(std::make_unique<const Impl>(std::move(impl).value()));
}

} // namespace nixie

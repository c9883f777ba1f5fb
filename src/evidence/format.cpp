#include "evidence/format.hpp"

#include <algorithm>

namespace nixie {
namespace {

void note(std::vector<Formats::Impl::Use>& uses, std::size_t owner, std::uint32_t bit, const Condition& condition) {
    if (uses.size() < condition.end) uses.resize(condition.end);
    for (auto pattern = condition.first; pattern < condition.end; ++pattern)
        uses[pattern] = {static_cast<std::uint16_t>(owner), bit};
}

} // namespace

void Formats::Impl::finish() {
    header_patterns.finish();
    text_patterns.finish();
    uses.text.resize(text_patterns.size()); // those of Format::delayed are nobody's condition
    attachment_patterns.finish();
    const auto add = [&](const std::vector<Condition>& conditions) {
        constexpr std::size_t most = 31;
        std::uint32_t together = 0;
        for (std::size_t i = 0; i < conditions.size(); ++i) {
            const auto bit = 1U << std::min(i, most);
            const auto in = conditions[i].in;
            note(in == Condition::In::header ? uses.header
                 : in == Condition::In::text ? uses.text
                                             : uses.attachment,
                 uses.all.size(), bit, conditions[i]);
            together |= bit;
        }
        uses.all.push_back(together);
    };
    for (const auto& format : formats) add(format.when);
    for (const auto& kind : kinds) add(kind.when);
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

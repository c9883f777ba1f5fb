#include "evidence/fields.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "evidence/pattern.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_fields = 100'000;
constexpr std::size_t longest_value = 4'000;
constexpr std::size_t longest_name = 60;

/// A field of RFC 3464 in the middle of a line.
const Pattern& inner_field() {
    static const Pattern pattern =
        Pattern::compile(
            R"(\s(?P<address>(?:final-recipient|original-recipient|x-actual-recipient|reporting-mta|remote-mta)"
            R"(|arrival-date|last-attempt-date|diagnostic-code|final-log-id|will-retry-until|action|status)\s?:))")
            .value();
    return pattern;
}

/// "Name:" at the front of `line`; the name, or nothing.
std::string_view field_name(std::string_view line) {
    const auto colon = line.substr(0, longest_name).find(':');
    if (colon == std::string_view::npos || colon == 0) return {};
    const auto name = trim(line.substr(0, colon));
    for (const char c : name)
        if (c <= ' ' || c == '<' || c == '(' || static_cast<unsigned char>(c) >= 0x7f) return {};
    // "550-5.1.1:" and "host.example.org:" begin a reply that lost its fold; "smtp:" would be a type.
    const bool looks_like_name = (name[0] >= 'A' && name[0] <= 'Z') || (name[0] >= 'a' && name[0] <= 'z');
    return looks_like_name && name.find('.') == std::string_view::npos && name.find('@') == std::string_view::npos
               ? name
               : std::string_view{};
}

class FieldReader {
  public:
    void take(std::string_view line, int number) {
        if (trim(line).empty()) {
            gap_ = true;
            return;
        }
        const bool folded = line.front() == ' ' || line.front() == '\t';
        const bool first_of_block = gap_ || fields_.empty();
        // Some reports indent the whole block; a fold follows its field without a gap.
        const auto name =
            folded && !first_of_block && !starts_known(line) ? std::string_view{} : field_name(trim(line));
        if (name.empty()) {
            continue_field(line);
            return;
        }
        add(trim(line), name, number);
    }
    std::vector<ReportField> finish() {
        for (auto& field : fields_) field.value = fold_space(field.value);
        return std::move(fields_);
    }

  private:
    static bool starts_known(std::string_view line) {
        Groups groups;
        return line.find(':') != std::string_view::npos && inner_field().match(line.substr(0, longest_name), groups) &&
               groups[Group::address].data() == trim(line).data();
    }
    void continue_field(std::string_view line) {
        if (fields_.empty() || gap_ || fields_.back().value.size() + line.size() > longest_value) return;
        fields_.back().value += ' ';
        fields_.back().value += line;
    }
    void add(std::string_view line, std::string_view name, int number) {
        while (!name.empty() && fields_.size() < most_fields) {
            auto value = line.substr(line.find(':') + 1);
            Groups groups;
            const bool more = value.find(':') != std::string_view::npos && inner_field().match(value, groups);
            const auto at =
                more ? static_cast<std::size_t>(groups[Group::address].data() - value.data()) : value.size();
            fields_.push_back({to_lower(name), std::string(clip(value.substr(0, at), longest_value)), number, gap_});
            gap_ = false;
            line = value.substr(at);
            name = more ? field_name(line) : std::string_view{};
        }
    }

    std::vector<ReportField> fields_;
    bool gap_ = false;
};

} // namespace

std::vector<ReportField> read_fields(std::string_view text) {
    FieldReader reader;
    std::string_view line;
    for (int number = 1; next_line(text, line); ++number) reader.take(line, number);
    return reader.finish();
}

std::string_view find_field(const std::vector<ReportField>& fields, std::string_view name) {
    for (const auto& field : fields)
        if (field.name == name) return field.value;
    return {};
}

bool starts_fields(std::string_view text) {
    text = text.substr(0, 4 * longest_name);
    while (!text.empty() && (text.front() == '\n' || text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    constexpr std::array<std::string_view, 5> names{"reporting-mta", "original-envelope-id", "final-recipient",
                                                    "original-recipient", "arrival-date"};
    const auto name = field_name(text.substr(0, text.find('\n')));
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view known) { return equals_ignoring_case(name, known); });
}

bool holds_recipient_fields(std::string_view text) {
    static const Pattern pattern = Pattern::compile(R"((?:^|\s)(?:final|original)-recipient\s?:\s*\S)").value();
    return contains_ignoring_case(text, "-recipient") && pattern.found_in(text);
}

} // namespace nixie

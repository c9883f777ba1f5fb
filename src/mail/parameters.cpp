#include "mail/parameters.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/encoded_words.hpp"
#include "mail/transfer.hpp"

namespace nixie {
namespace {

/// One "name*2*=value" as written, quotes removed.
struct Section {
    std::string name;
    int number = -1;       ///< of a continuation; -1 for a plain parameter
    bool extended = false; ///< percent-encoded
    std::string value;
};

/// Takes a comment off the front of `rest`. One that never ends runs to the end.
void skip_comment(std::string_view& rest) {
    int depth = 0;
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(c == '\\' && rest.size() > 1 ? 2 : 1);
        if (c == '(') ++depth;
        if (c == ')' && --depth == 0) return;
    }
}

void skip_space_and_comments(std::string_view& rest) {
    while (!rest.empty()) {
        if (rest.front() == '(') {
            skip_comment(rest);
        } else if (trim(rest.substr(0, 1)).empty()) {
            rest.remove_prefix(1);
        } else {
            return;
        }
    }
}

std::string take_quoted(std::string_view& rest) {
    std::string out;
    rest.remove_prefix(1);
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == '"') break;
        if (c == '\\' && !rest.empty()) {
            out += rest.front();
            rest.remove_prefix(1);
        } else {
            out += c;
        }
    }
    return out;
}

/// Up to the next ';'. Mailers write blanks into unquoted values; a blank before '(' starts a comment.
std::string take_bare(std::string_view& rest) {
    const auto end = std::min(rest.find(';'), rest.size());
    std::string_view value = rest.substr(0, end);
    rest.remove_prefix(end);
    value = value.substr(0, value.find(" ("));
    return std::string(trim(value));
}

std::string take_value(std::string_view& rest) {
    skip_space_and_comments(rest);
    if (rest.empty() || rest.front() != '"') return take_bare(rest);
    std::string value = take_quoted(rest);
    rest.remove_prefix(std::min(rest.find(';'), rest.size()));
    return value;
}

/// RFC 2231 section 3 and 4: "title*", "title*1", "title*1*".
Section section_named(std::string_view name) {
    constexpr int most_sections = 9999;
    Section section;
    if (!name.empty() && name.back() == '*') {
        section.extended = true;
        name.remove_suffix(1);
    }
    const auto star = name.rfind('*');
    if (star != std::string_view::npos && star + 1 < name.size()) {
        int number = 0;
        for (const char c : name.substr(star + 1)) {
            if (c < '0' || c > '9' || number > most_sections) {
                number = -1;
                break;
            }
            number = number * 10 + (c - '0');
        }
        if (number >= 0) {
            section.number = number;
            name = name.substr(0, star);
        }
    }
    section.name = to_lower(name);
    return section;
}

std::vector<Section> sections_of(std::string_view rest) {
    std::vector<Section> sections;
    while (!rest.empty()) {
        rest.remove_prefix(1); // the ';'
        skip_space_and_comments(rest);
        const auto end = std::min(rest.find_first_of("=;"), rest.size());
        Section section = section_named(trim(rest.substr(0, end)));
        rest.remove_prefix(end);
        if (rest.empty() || rest.front() == ';') continue;
        rest.remove_prefix(1);
        section.value = take_value(rest);
        if (!section.name.empty()) sections.push_back(std::move(section));
    }
    return sections;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const int byte = text.front() == '%' ? hex_byte(text.substr(1)) : -1;
        out += byte >= 0 ? static_cast<char>(byte) : text.front();
        text.remove_prefix(byte >= 0 ? 3 : 1);
    }
    return out;
}

/// The first extended section says charset'language'text; the sections after it share its charset.
std::string joined(std::vector<Section>::const_iterator begin, std::vector<Section>::const_iterator end,
                   Defects& defects) {
    std::string charset;
    std::string bytes;
    for (auto section = begin; section != end; ++section) {
        std::string_view text = section->value;
        if (section->extended && section == begin) {
            const auto first = text.find('\'');
            const auto second = first == std::string_view::npos ? first : text.find('\'', first + 1);
            if (second != std::string_view::npos) {
                charset = text.substr(0, first);
                text.remove_prefix(second + 1);
            }
        }
        bytes += section->extended ? percent_decoded(text) : std::string(text);
    }
    return begin->extended ? to_utf8(bytes, charset, defects) : decode_words(bytes, defects);
}

} // namespace

ParameterList::ParameterList(std::string_view field, Defects& defects) {
    skip_space_and_comments(field);
    const auto end = std::min(field.find(';'), field.size());
    const std::string_view value = field.substr(0, end);
    value_ = to_lower(trim(value.substr(0, value.find('('))));
    std::vector<Section> sections = sections_of(field.substr(end));
    // By name and section; of two equal ones the first counts, and the RFC 2231 form before the plain one.
    std::stable_sort(sections.begin(), sections.end(), [](const Section& a, const Section& b) {
        if (a.name != b.name) return a.name < b.name;
        if ((a.number < 0) != (b.number < 0)) return a.number > b.number;
        if (a.number < 0 && a.extended != b.extended) return a.extended;
        return a.number < b.number;
    });
    for (auto first = sections.cbegin(); first != sections.cend();) {
        auto last = first + 1;
        while (last != sections.cend() && last->name == first->name && first->number >= 0 &&
               last->number == (last - 1)->number + 1)
            ++last;
        parameters_.emplace_back(first->name, joined(first, last, defects));
        while (last != sections.cend() && last->name == first->name) ++last;
        first = last;
    }
}

std::string_view ParameterList::get(std::string_view name) const {
    for (const auto& [key, value] : parameters_)
        if (key == name) return value;
    return {};
}

} // namespace nixie

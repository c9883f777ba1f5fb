#include "mail/header_block.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mail/source.hpp"

namespace nixie {
namespace {

constexpr std::size_t longest_field = 16 * 1024;
constexpr std::size_t longest_field_name = 200;

constexpr bool is_header_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view without_blanks(std::string_view text) {
    return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// Takes the lines of a header together to fields.
class FieldLines {
  public:
    FieldLines(std::size_t most_fields, Defects& defects) : most_fields_(most_fields), defects_(defects) {}

    [[nodiscard]] bool empty() const { return seen_ == 0; }

    void start_field(std::string_view line) {
        if (++seen_ > most_fields_) return defects_.add(Defect::too_many_fields);
        // As many as most parts have; the report's own header has more.
        if (fields_.empty()) fields_.reserve(std::min<std::size_t>(most_fields_, 8));
        used_ = 0;
        line = fitting(line);
        const auto colon = line.find(':');
        const auto name_end = line.substr(0, colon).find_last_not_of(" \t") + 1;
        fields_.push_back({std::string(line.substr(0, name_end)), std::string(without_blanks(line.substr(colon + 1)))});
    }
    /// RFC 5322 section 2.2.3, with one blank for all that the fold begins with.
    void continue_field(std::string_view line) {
        if (seen_ > most_fields_) return;
        line = fitting(line);
        if (line.empty()) return;
        fields_.back().value += ' ';
        fields_.back().value += without_blanks(line);
    }
    std::vector<Field> finish() {
        for (auto& field : fields_) {
            const auto value = trim(field.value);
            if (value.size() < field.value.size()) field.value = std::string(value);
        }
        return std::move(fields_);
    }

  private:
    /// What of the line the field has room for.
    std::string_view fitting(std::string_view line) {
        const std::size_t room = used_ < longest_field ? longest_field - used_ : 0;
        if (line.size() > room) defects_.add(Defect::truncated);
        line = line.substr(0, room);
        used_ += line.size() + 1;
        return line;
    }

    std::size_t most_fields_;
    Defects& defects_;
    std::vector<Field> fields_;
    std::size_t seen_ = 0;
    std::size_t used_ = 0; ///< of longest_field
};

} // namespace

bool starts_field(std::string_view line) {
    // No field is named so, but boundaries with a colon in them are.
    if (line.substr(0, 2) == "--") return false;
    std::size_t i = 0;
    while (i < line.size() && i <= longest_field_name && line[i] > 32 && line[i] < 127 && line[i] != ':') ++i;
    if (i == 0 || i > longest_field_name) return false;
    while (i < line.size() && is_header_blank(line[i])) ++i;
    return i < line.size() && line[i] == ':';
}

std::vector<Field> take_header(std::string_view& rest, std::size_t most_fields, Defects& defects) {
    FieldLines lines(most_fields, defects);
    std::string_view line;
    for (std::string_view after = rest; take_line(after, line); rest = after) {
        if (line.empty()) {
            rest = after;
            break;
        }
        if (is_header_blank(line.front()) && !lines.empty()) {
            lines.continue_field(line);
        } else if (starts_field(line)) {
            lines.start_field(line);
        } else if (line.substr(0, 5) != "From " && line.substr(0, 6) != ">From ") { // mbox lines, quoted or not
            break;
        }
    }
    return lines.finish();
}

} // namespace nixie

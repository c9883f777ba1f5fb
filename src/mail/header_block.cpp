#include "mail/header_block.hpp"

#include <mimetic/mimeentity.h>
#include <mimetic/parser/itparser.h>

#include "base/text.hpp"
#include "mail/source.hpp"

namespace nixie {
namespace {

/// mimetic grows its buffer by a constant, so that one field costs the square of its length.
constexpr std::size_t longest_field = 16 * 1024;
constexpr std::size_t longest_field_name = 200;

/// mimetic's field reader alone. Its body reader recurses a level for every nested part, finds boundaries in the middle of
/// lines, and drops what follows a multipart that was cut short.
class FieldReader : private mimetic::IteratorParser<const char*, std::input_iterator_tag> {
  public:
    explicit FieldReader(mimetic::MimeEntity& entity) : IteratorParser(entity) {}
    void read(std::string_view header) {
        m_bit = header.data();
        m_eit = header.data() + header.size();
        loadHeader();
    }
};

std::vector<RawField> parse_fields(std::string_view header) {
    mimetic::MimeEntity entity;
    FieldReader(entity).read(header);
    std::vector<RawField> fields;
    fields.reserve(entity.header().size());
    for (const mimetic::Field& field : entity.header()) {
        const std::string value = field.value();
        fields.push_back({std::string(field.name().data(), field.name().size()), std::string(trim(value))});
    }
    return fields;
}

/// The lines of a header that may go to mimetic.
class Lines {
  public:
    Lines(std::size_t most_fields, Defects& defects) : most_fields_(most_fields), defects_(defects) {}

    [[nodiscard]] bool empty() const { return seen_ == 0; }
    /// With the empty line without which mimetic forgets the last field.
    [[nodiscard]] const std::string& ended() { return text_ += '\n'; }

    void start_field(std::string_view line) {
        field_begin_ = text_.size();
        if (++seen_ > most_fields_) return defects_.add(Defect::too_many_fields);
        append(line);
    }
    void continue_field(std::string_view line) {
        if (seen_ <= most_fields_) append(line);
    }

  private:
    void append(std::string_view line) {
        const std::size_t used = text_.size() - field_begin_;
        const std::size_t room = used < longest_field ? longest_field - used : 0;
        if (line.size() > room) defects_.add(Defect::truncated);
        if (room == 0) return;
        text_ += line.substr(0, room);
        text_ += '\n';
    }

    std::size_t most_fields_;
    Defects& defects_;
    std::string text_;
    std::size_t seen_ = 0;
    std::size_t field_begin_ = 0;
};

} // namespace

bool starts_field(std::string_view line) {
    // No field is named so, but boundaries with a colon in them are.
    if (line.substr(0, 2) == "--") return false;
    std::size_t i = 0;
    while (i < line.size() && i <= longest_field_name && line[i] > 32 && line[i] < 127 && line[i] != ':') ++i;
    if (i == 0 || i > longest_field_name) return false;
    while (i < line.size() && is_blank(line[i])) ++i;
    return i < line.size() && line[i] == ':';
}

std::vector<RawField> take_header(std::string_view& rest, std::size_t most_fields, Defects& defects) {
    Lines lines(most_fields, defects);
    std::string_view line;
    for (std::string_view after = rest; take_line(after, line); rest = after) {
        if (line.empty()) {
            rest = after;
            break;
        }
        if (is_blank(line.front()) && !lines.empty()) {
            lines.continue_field(line);
        } else if (starts_field(line)) {
            lines.start_field(line);
        } else if (line.substr(0, 5) != "From " && line.substr(0, 6) != ">From ") { // mbox lines, quoted or not
            break;
        }
    }
    return lines.empty() ? std::vector<RawField>() : parse_fields(lines.ended());
}

} // namespace nixie

#include "mail/part_text.hpp"

#include "base/text.hpp"
#include "mail/charset.hpp"
#include "mail/encoded_words.hpp"
#include "mail/html.hpp"
#include "mail/parameters.hpp"

namespace nixie {
namespace {

std::string with_line_feeds(std::string text) {
    if (text.find('\r') == std::string::npos) return text;
    std::size_t to = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        text[to++] = text[i] == '\r' ? '\n' : text[i];
    }
    text.resize(to);
    return text;
}

/// RFC 2045 section 5.2: a type that cannot be read is plain text.
std::string type_or(const std::string& stated, std::string_view default_type) {
    if (stated.empty()) return std::string(default_type);
    const auto slash = stated.find('/');
    if (slash == std::string::npos || slash == 0 || slash + 1 == stated.size()) return "text/plain";
    return stated;
}

void make_readable(std::string& value, Defects& defects) {
    const bool plain = is_ascii(value);
    if (plain && value.find("=?") == std::string::npos) return;
    if (!plain) defects.add(Defect::raw_8bit_header);
    value = decode_words(plain ? value : guess_utf8(value), defects);
}

const std::string* first(const std::vector<Field>& fields, std::string_view name) {
    for (const Field& field : fields)
        if (equals_ignoring_case(field.name, name)) return &field.value;
    return nullptr;
}

} // namespace

BodyFacts describe(std::vector<Field> fields, std::string_view default_type, Part& part, Defects& defects) {
    BodyFacts facts;
    part.type = default_type;
    if (const std::string* value = first(fields, "Content-Disposition"))
        part.filename = ParameterList(guess_utf8(*value), defects).get("filename");
    if (const std::string* value = first(fields, "Content-Type")) {
        const ParameterList parameters(guess_utf8(*value), defects);
        part.type = type_or(parameters.value(), default_type);
        part.report_type = to_lower(parameters.get("report-type"));
        part.charset = to_lower(parameters.get("charset"));
        facts.boundary = trim(parameters.get("boundary"));
        if (part.filename.empty()) part.filename = parameters.get("name");
    }
    if (const std::string* value = first(fields, "Content-Transfer-Encoding"))
        facts.transfer = transfer_named(*value, defects);
    for (Field& field : fields) make_readable(field.value, defects);
    part.headers = Headers(std::move(fields));
    return facts;
}

bool holds_text(const Part& part) {
    const std::string top = part.type.substr(0, part.type.find('/'));
    // Gateways and clients call a report's fields a file: "details.txt", "ATT00001.dat".
    const std::string_view name = part.filename;
    const bool may_be_fields =
        part.type == "application/octet-stream" && (name.ends_with(".txt") || name.ends_with(".dat"));
    // Services that send for others tell of bounces in JSON.
    return may_be_fields || part.type == "application/json" || top == "text" || top == "message" ||
           top == "multipart"; // one that is a leaf was not opened
}

std::string decoded(std::string_view body, TransferEncoding transfer, Defects& defects) {
    switch (transfer) {
        case TransferEncoding::base64:
            return decode_base64(body, defects);
        case TransferEncoding::quoted_printable:
            return decode_quoted_printable(body);
        case TransferEncoding::none:
            break;
    }
    return std::string(body);
}

void set_text(std::string_view body, TransferEncoding transfer, Part& part, Defects& defects) {
    std::string bytes;
    if (transfer != TransferEncoding::none) {
        bytes = decoded(body, transfer, defects);
        body = bytes;
    }
    part.size = body.size();
    std::string text = to_utf8(body, part.charset, defects);
    part.text = with_line_feeds(part.type == "text/html" ? html_to_text(text) : std::move(text));
}

void set_size(std::string_view body, TransferEncoding transfer, Part& part) {
    switch (transfer) {
        case TransferEncoding::none:
            part.size = body.size();
            break;
        case TransferEncoding::base64:
            part.size = base64_size(body);
            break;
        case TransferEncoding::quoted_printable:
            part.size = decode_quoted_printable(body).size();
            break;
    }
}

} // namespace nixie

#include "evidence/feedback.hpp"

#include <array>
#include <string>

#include "base/text.hpp"
#include "evidence/address.hpp"
#include "evidence/fields.hpp"
#include "evidence/machine_parts.hpp"
#include "evidence/verp_shapes.hpp"

namespace nixie {
namespace {

/// Fields of the returned message that name whom it was delivered to, the most telling first.
constexpr std::array<std::string_view, 5> delivered_to{"X-HmXmrOriginalRecipient", "X-Rcpt-To", "To", "X-Original-To",
                                                       "Delivered-To"};
/// What providers put in place of a recipient's name or domain.
constexpr std::array<std::string_view, 6> hidden{"redacted", "undisclosed", "hidden", "removed", "anonymi", "xxx"};
/// The most bytes of a header copy that are read.
constexpr std::size_t most_header_copy = 16 * 1024;

struct Fields {
    std::vector<ReportField> list;
    int part = -1;
};

/// From their own part, else pasted into a text.
Fields feedback_fields(const Message& message, const Layout& layout, const Prose& prose) {
    if (layout.feedback >= 0)
        return {read_fields(message.parts[static_cast<std::size_t>(layout.feedback)].text), layout.feedback};
    for (const auto& line : prose.lines)
        if (starts_with_ignoring_case(trim(line.text), "Feedback-Type:"))
            for (const auto& piece : prose.pieces)
                if (piece.part == line.place.part)
                    return {
                        read_fields(piece.text.substr(static_cast<std::size_t>(line.text.data() - piece.text.data()))),
                        piece.part};
    return {};
}

Headers returned_headers(const Message& message, const Layout& layout, const Prose& prose) {
    if (layout.returned >= 0) return message.parts[static_cast<std::size_t>(layout.returned)].headers;
    std::string_view text = prose.returned;
    if (layout.returned_text >= 0) text = message.parts[static_cast<std::size_t>(layout.returned_text)].text;
    return text.empty() ? Headers{} : parse_message(text.substr(0, most_header_copy)).headers();
}

bool is_hidden(std::string_view address) {
    const auto at = address.rfind('@');
    const auto domain = at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
    for (const auto word : hidden)
        if (starts_with_ignoring_case(address, word) || starts_with_ignoring_case(domain, word)) return true;
    return false;
}

std::vector<Evidence> one(std::string address, Source source, Place place) {
    Evidence evidence;
    evidence.address = {std::move(address), source, place};
    return {std::move(evidence)};
}

std::vector<Evidence> named_in(const Headers& returned, Place place) {
    for (const auto name : delivered_to)
        if (auto address = clean_address(returned.get(name)); !address.empty() && !is_hidden(address))
            return one(std::move(address), Source::original, place);
    return {};
}

std::vector<Evidence> named_by_return_path(const Headers& returned, const Fields& fields, Place place) {
    for (const auto path : {find_field(fields.list, "original-mail-from"), returned.get("Return-Path"),
                            returned.get("X-Original-Return-Path")})
        if (auto address = verp_recipient(clean_address(path)); !address.empty())
            return one(std::move(address), Source::verp, place);
    return {};
}

} // namespace

void read_complaint(const Message& message, const Layout& layout, const Prose& prose, Report& report) {
    const Fields fields = feedback_fields(message, layout, prose);
    const auto type = trim(find_field(fields.list, "feedback-type"));
    report.feedback_type = to_lower(type.substr(0, type.find_first_of(" \t;(")));
    report.reporting_mta = make_fact(find_field(fields.list, "reporting-mta"), Source::dsn_field, {}).text;
    report.original.envelope_id =
        make_fact(decode_xtext(find_field(fields.list, "original-envelope-id")), Source::dsn_field, {}).text;
    if (auto path = clean_address(find_field(fields.list, "original-mail-from")); !path.empty())
        report.original.return_path = std::move(path);
    report.recipients =
        recipients_of(fields.list, fields.part, {"original-rcpt-to", "redacted-address", "removal-recipient"});
    if (!report.recipients.empty()) return;
    const Headers returned = returned_headers(message, layout, prose);
    const Place place{layout.returned >= 0 ? layout.returned : layout.returned_text, 0};
    report.recipients = named_in(returned, place);
    if (report.recipients.empty()) report.recipients = named_by_return_path(returned, fields, place);
}

} // namespace nixie

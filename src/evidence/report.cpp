#include "nixie/report.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "evidence/address.hpp"
#include "evidence/embedded.hpp"
#include "evidence/feedback.hpp"
#include "evidence/fields.hpp"
#include "evidence/format.hpp"
#include "evidence/holding.hpp"
#include "evidence/kind.hpp"
#include "evidence/layout.hpp"
#include "evidence/machine_parts.hpp"
#include "evidence/original.hpp"
#include "evidence/prose.hpp"
#include "evidence/recipients.hpp"
#include "evidence/smtp_reply.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_attachment_names = 4 * 1024;

constexpr std::array<std::string_view, 7> source_names{"none",   "dsn-field", "format", "smtp-reply",
                                                       "header", "original",  "verp"};

/// Who answered an automatic reply.
std::vector<Evidence> answerer(const Headers& headers) {
    Evidence evidence;
    evidence.address = make_fact(clean_address(headers.get("From")), Source::header, {0, 0});
    if (evidence.address.empty()) return {};
    return {std::move(evidence)};
}

/// Most providers hide whom it comes from.
void attribute_complaint(Report& report, const ReturnPathFacts& own) {
    if (report.recipients.empty() && !own.recipient.empty()) report.recipients.emplace_back();
    attribute(report, own);
}

/// In a notice of delay without fields every recipient still waits.
void mark_delayed(std::vector<Evidence>& recipients) {
    for (auto& recipient : recipients)
        if (recipient.action.empty()) recipient.action = make_fact("delayed", recipient.address.source, {});
}

/// A report that names nobody may still say why: one recipient without an address, where there is a reply or a status.
std::vector<Evidence> unnamed(const std::vector<Evidence>& fields, const Prose& prose) {
    std::vector<Evidence> out(1, fields.empty() ? Evidence{} : fields.front());
    explain_from_prose(out, prose);
    if (out.front().smtp_code.empty() && out.front().status.empty()) out.clear();
    return out;
}

/// Text without a message around it, such as a line from a log, as a report. Nothing if it shows no sign of one.
std::optional<Message> pasted(const Message& message) {
    constexpr std::array<std::string_view, 7> usual{"From",     "To",         "Subject",    "Date",
                                                    "Received", "Message-ID", "Return-Path"};
    const Headers& headers = message.headers();
    for (const auto name : usual)
        if (headers.find(name) != nullptr) return std::nullopt;
    // A log's "KEY: words" looks like a header field.
    std::string text;
    for (const auto& field : headers.fields()) text += field.name + ": " + field.value + "\n";
    text += message.parts.front().text;
    const auto reply = find_reply(text);
    if (reply.code.empty() && reply.status.empty() && text.find(">: ") == std::string::npos &&
        !holds_recipient_fields(text))
        return std::nullopt;
    return parse_message("From: MAILER-DAEMON\n\n" + text);
}

/// One a line, for conditions.
std::string names_of_attachments(const Message& message, const Layout& layout) {
    std::string out;
    for (const int index : layout.attachments) {
        if (out.size() > most_attachment_names) break;
        out += fold_space(message.parts[static_cast<std::size_t>(index)].filename) + "\n";
    }
    return out;
}

/// The message whose top part is parts[root].
Report read_at(const Message& message, const Formats::Impl& formats, const Attribution& attribution, int root) {
    const Layout layout = lay_out(message, root);
    const Headers& headers = message.parts[static_cast<std::size_t>(root)].headers;
    const Prose prose = collect_prose(message, layout, formats);
    const Holding holding(formats, headers, prose.head, names_of_attachments(message, layout));
    const bool claims = claims_report(layout) || holding.find(Kind::bounce) != nullptr;
    const bool is_mail_system = claims_report(layout) || holding.find(Kind::bounce, Holding::Signs::sure) != nullptr ||
                                holding.find(Kind::unrecognised) != nullptr;
    const bool may_be = claims || holding.find(Kind::unrecognised) != nullptr;
    DeliveryStatus fields = read_delivery_statuses(message, layout, prose);
    ProseReading reading = read_prose(headers, prose, holding, may_be ? Format::Looks::report : Format::Looks::any);

    Report report;
    const bool returned =
        layout.returned >= 0 || layout.returned_text >= 0 || !prose.returned.empty() || !reading.returned.empty();
    const auto finding =
        decide_kind({message, layout, holding, fields.recipients, reading, fields.reporting_mta, returned});
    report.kind = finding.kind;
    report.ground = finding.ground;
    report.date = parse_mail_date(headers.get("Date"));
    report.reporting_mta = fields.reporting_mta;
    report.original = read_original(message, layout, prose,
                                    reading.returned.empty() ? prose.returned : reading.returned, attribution);
    report.original.envelope_id = std::move(fields.envelope_id);
    if (fields.capped || reading.capped) report.defects.emplace_back("too-many-recipients");

    switch (report.kind) {
        case Kind::complaint:
            read_complaint(message, layout, prose, report);
            if (report.recipients.empty() && reading.format != nullptr && reading.format->looks == Format::Looks::any) {
                report.format = reading.format->id;
                report.recipients = reading.recipients;
            }
            if (report.feedback_type.empty()) report.feedback_type = finding.feedback_type;
            attribute_complaint(report, facts_of_return_path(headers, report.original, attribution));
            break;
        case Kind::receipt:
            report.recipients = read_disposition(message, layout);
            if (report.recipients.empty()) report.recipients = answerer(headers);
            break;
        case Kind::auto_reply:
        case Kind::challenge:
            report.recipients = answerer(headers);
            if (report.kind == Kind::auto_reply && !report.recipients.empty())
                report.from = report.recipients.front().address.text;
            break;
        case Kind::other:
            report.from = clean_address(headers.get("From"));
            break;
        default:
            const auto own = facts_of_return_path(headers, report.original, attribution);
            if (reading.named != nullptr) report.format = reading.named->id;
            if (fields.recipients.empty()) fields.recipients = read_refusal(message, layout);
            report.recipients = merge_recipients(fields.recipients, reading.recipients);
            // An empty return path alone is no ground for a guess.
            if (report.kind == Kind::unrecognised && !claims) report.recipients.clear();
            if (report.recipients.empty() && claims)
                report.recipients = merge_recipients(
                    fields.recipients, sift_recipients(guess_recipients(headers, report.original, own), headers));
            if (report.recipients.empty() && is_mail_system) report.recipients = unnamed(fields.recipients, prose);
            explain_from_prose(report.recipients, prose);
            attribute(report, own);
            if (report.kind == Kind::delayed) mark_delayed(report.recipients);
            if (report.kind == Kind::unrecognised && !report.recipients.empty()) report.kind = Kind::bounce;
            if (report.kind == Kind::bounce && report.recipients.empty()) report.kind = Kind::unrecognised;
    }
    return report;
}

/// The top part of the first message that is attached whole, or -1.
int forwarded(const Message& message) {
    for (std::size_t i = 1; i < message.parts.size(); ++i)
        if (message.parts[static_cast<std::size_t>(message.parts[i].parent)].type == "message/rfc822")
            return static_cast<int>(i);
    return -1;
}

bool is_report(Kind kind) { return kind == Kind::bounce || kind == Kind::delayed; }

/// Its recipients are named by fields or by a known format, and not only guessed.
bool is_sure(const Report& report) {
    return is_report(report.kind) && !report.recipients.empty() &&
           report.recipients.front().address.source <= Source::format;
}

/// Neither sure nor clearly of another kind, so that a report within it may say more.
bool may_be_frame(const Report& report) {
    return report.kind == Kind::other || report.kind == Kind::unrecognised ||
           (is_report(report.kind) && !is_sure(report));
}

/// Of the frame and what it holds, the one that says more.
void prefer(Report& frame, Report inner) {
    if (!is_report(inner.kind) || inner.recipients.empty()) return;
    const bool guessed = frame.recipients.empty() || frame.recipients.front().address.source > Source::smtp_reply;
    if (is_sure(inner) || !is_report(frame.kind) || guessed) frame = std::move(inner);
}

} // namespace

std::string_view name(Source source) { return source_names[static_cast<std::size_t>(source)]; }

Report read_report(const Message& message, const Formats& formats) { return read_report(message, formats, {}); }

Report read_report(const Message& message, const Formats& formats, const Attribution& attribution) {
    const auto bare = pasted(message);
    Report report = read_at(bare ? *bare : message, formats.impl(), attribution, 0);
    // Somebody forwards a report as an attachment, or within the text.
    if (may_be_frame(report) && !is_answer(message.headers())) {
        if (const int inner = forwarded(message); inner > 0)
            prefer(report, read_at(message, formats.impl(), attribution, inner));
        if (may_be_frame(report)) {
            const Prose prose = collect_prose(message, lay_out(message, 0), formats.impl());
            if (const auto inner = embedded_message(prose))
                prefer(report, read_at(*inner, formats.impl(), attribution, 0));
        }
    }
    for (const auto defect : message.defects) report.defects.emplace_back(name(defect));
    return report;
}

} // namespace nixie

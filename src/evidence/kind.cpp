#include "evidence/kind.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "evidence/machine_parts.hpp"
#include "evidence/recipients.hpp"

namespace nixie {
namespace {

/// What mail worms of all years dressed up as a "returned message" with.
constexpr std::array<std::string_view, 25> program_endings{
    ".exe", ".scr", ".pif", ".bat", ".cmd", ".com", ".cpl",  ".msi",  ".vbs",  ".vbe",  ".js",  ".jse", ".wsf",
    ".wsh", ".ps1", ".hta", ".lnk", ".jar", ".chm", ".docm", ".xlsm", ".xlsb", ".pptm", ".iso", ".img"};
constexpr std::array<std::string_view, 9> archive_endings{".zip", ".rar", ".7z",  ".ace", ".arj",
                                                          ".cab", ".gz",  ".tgz", ".lzh"};

/// Reports name a returned message or a log after its subject or its recipient, "user@example.com".
bool may_be(std::string_view ending, std::string_view type) {
    if (starts_with_ignoring_case(type, "message/")) return false;
    return ending != ".com" || !starts_with_ignoring_case(type, "text/");
}

template <class Endings>
const std::string* attachment_with(const Findings& findings, const Endings& endings) {
    for (const int index : findings.layout.attachments) {
        const auto& part = findings.message.parts[static_cast<std::size_t>(index)];
        const auto lower = to_lower(part.filename);
        for (const auto ending : endings)
            if (std::string_view(lower).ends_with(ending) && may_be(ending, part.type)) return &part.filename;
    }
    return nullptr;
}

const Headers& headers_of(const Findings& findings) {
    return findings.message.parts[static_cast<std::size_t>(findings.layout.root)].headers;
}

/// Reports have an empty one (RFC 5321, section 6.1).
bool has_return_path(const Findings& findings) {
    return headers_of(findings).get("Return-Path").find('@') != std::string_view::npos;
}

bool is_answer(Kind kind) { return kind == Kind::auto_reply || kind == Kind::challenge; }

/// A phrase alone: a report may quote it from the message that it returns.
bool is_only_said(const KindRule& rule) {
    return std::all_of(rule.when.begin(), rule.when.end(),
                       [](const Condition& condition) { return condition.in == Condition::In::text; });
}

/// An answer may say by the way that it was not delivered: then the words of the answer count.
bool is_said_too(const KindRule& rule) {
    return !rule.sure && std::any_of(rule.when.begin(), rule.when.end(),
                                     [](const Condition& condition) { return condition.in == Condition::In::text; });
}

KindFinding from_rule(const KindRule& rule) { return {rule.kind, "sign " + rule.id, rule.feedback_type}; }

/// A report with any failed recipient is a bounce.
KindFinding from_fields(const Findings& findings) {
    const auto any = [&](std::string_view action) {
        return std::any_of(findings.fields.begin(), findings.fields.end(),
                           [&](const Evidence& e) { return e.action.text == action; });
    };
    const auto every_status = [&](char first) {
        return std::all_of(findings.fields.begin(), findings.fields.end(),
                           [&](const Evidence& e) { return !e.status.empty() && e.status.text.front() == first; });
    };
    if (any("failed")) return {Kind::bounce, "action failed", {}};
    if (any("delayed")) return {Kind::delayed, "action delayed", {}};
    if (any("delivered") || any("relayed") || any("expanded"))
        return {Kind::delivered, "action says it was passed on", {}};
    if (every_status('2')) return {Kind::delivered, "status of success", {}};
    if (findings.reading.delayed) return {Kind::delayed, "format " + findings.reading.format->id, {}};
    return {Kind::bounce, "recipient fields without action", {}};
}

bool has_reply(const ProseReading& reading) {
    return std::any_of(reading.recipients.begin(), reading.recipients.end(),
                       [](const Evidence& e) { return !e.smtp_code.empty() || !e.status.empty(); });
}

/// The wording of a look-alike, unless an SMTP reply speaks for a report.
const KindRule* find_lure(const Findings& findings) {
    return has_reply(findings.reading) ? nullptr : findings.holding.find(Kind::suspicious);
}

KindFinding from_reading(const Findings& findings) {
    const auto& reading = findings.reading;
    if (const auto* delivered = findings.holding.find(Kind::delivered); delivered != nullptr && !has_reply(reading))
        return from_rule(*delivered);
    if (const auto* complaint = findings.holding.find(Kind::complaint); complaint != nullptr && !has_reply(reading))
        return from_rule(*complaint);
    const auto* delayed = findings.holding.find(Kind::delayed);
    if (reading.delayed) return {Kind::delayed, "format " + reading.format->id, {}};
    if (delayed != nullptr) return from_rule(*delayed);
    return {Kind::bounce, "format " + reading.format->id, {}};
}

/// A refusal by the recipient's Sieve script or by the program that delivers to the mailbox, in the shape of a receipt
/// (RFC 5429, section 2.1.2). Deleted by hand, or unread, it says nothing of the kind.
bool is_refusal(const Findings& findings) {
    const auto* report = findings.holding.find(Kind::bounce, Holding::Signs::sure);
    return report != nullptr && is_refusal_disposition(findings.message, findings.layout);
}

/// The parts that RFC 5965, 3464 and 8098 define.
bool decide_from_parts(const Findings& findings, KindFinding& out) {
    const auto& layout = findings.layout;
    if (layout.feedback >= 0 || layout.report_type == "feedback-report")
        out = {Kind::complaint, "feedback report", "abuse"};
    else if (is_refusal(findings))
        out = {Kind::bounce, "refused by the recipient's filter (RFC 5429)", {}};
    else if (layout.disposition >= 0 || layout.report_type == "disposition-notification")
        out = {Kind::receipt, "disposition notification", {}};
    else if (layout.report_type == "tlsrpt") // RFC 8460
        out = {Kind::other, "TLS report", {}};
    else if (!findings.fields.empty()) {
        const auto* lure = findings.returned ? nullptr : find_lure(findings);
        out = lure != nullptr && findings.reporting_mta.empty() ? from_rule(*lure) : from_fields(findings);
    } else
        return false;
    return true;
}

/// Does it call itself a delivery report, talk, and yet say nothing that a mail server would?
bool names_nobody(const Findings& findings) {
    const auto& layout = findings.layout;
    const auto& parts = findings.message.parts;
    const auto talks = [&](int part) { return !trim(parts[static_cast<std::size_t>(part)].text).empty(); };
    // Without the part for machines it may have lost it.
    return !layout.delivery_status.empty() && findings.reporting_mta.empty() && !findings.returned &&
           !findings.message.has(Defect::truncated) && guess_recipients(headers_of(findings), {}, {}).empty() &&
           std::any_of(layout.prose.begin(), layout.prose.end(), talks);
}

/// A postmaster is away too. Its sender alone makes such an answer look like a report.
const KindRule* find_postmasters_answer(const Findings& findings) {
    const bool only_sender = !claims_report(findings.layout) && !findings.returned && !has_reply(findings.reading) &&
                             headers_of(findings).find("X-Failed-Recipients") == nullptr;
    return only_sender ? findings.holding.find(Kind::auto_reply, Holding::Signs::sure) : nullptr;
}

/// People and shops write about failed deliveries too: in answer to somebody, to a list, or with a return path of their own.
bool is_correspondence(const Findings& findings) {
    const Headers& headers = headers_of(findings);
    if (findings.returned) return false;
    return has_return_path(findings) || headers.find("In-Reply-To") != nullptr ||
           headers.find("List-Unsubscribe") != nullptr || headers.find("List-Id") != nullptr;
}

/// A postmaster asks and tells too, with a return path, and names neither recipient nor message.
bool is_postmasters_letter(const Findings& findings) {
    const auto names = [](const Evidence& e) { return !e.address.empty(); };
    const auto& recipients = findings.reading.recipients;
    return has_return_path(findings) && !claims_report(findings.layout) && !findings.returned &&
           headers_of(findings).find("X-Failed-Recipients") == nullptr &&
           std::none_of(recipients.begin(), recipients.end(), names) &&
           guess_recipients(headers_of(findings), {}, {}).empty();
}

/// What headers and phrases tell, where no format was recognised.
KindFinding decide_from_signs(const Findings& findings) {
    const auto& holding = findings.holding;
    const auto* report = holding.find(Kind::bounce);
    const auto* silent = holding.find(Kind::unrecognised);
    const bool claims = claims_report(findings.layout);
    const bool readable = !findings.reading.recipients.empty();
    // A report by its headers, not only by a phrase.
    const bool headed = readable && report != nullptr && !is_said_too(*report);
    // Exim and others mark bounces as automatic replies: a bounce's shape comes first.
    const bool sure = claims || (report != nullptr && report->sure);
    if (readable && (sure || report != nullptr) && has_reply(findings.reading)) return from_reading(findings);
    if (const auto* rule = sure ? find_postmasters_answer(findings) : nullptr; rule != nullptr) return from_rule(*rule);
    for (const Kind kind : {Kind::complaint, Kind::receipt, Kind::challenge, Kind::delivered, Kind::auto_reply})
        if (const auto* rule = holding.find(kind);
            rule != nullptr && !(is_answer(kind) && (sure || (headed && is_only_said(*rule)))))
            return from_rule(*rule);
    if (readable && (report != nullptr || claims || has_reply(findings.reading))) return from_reading(findings);
    if (claims && names_nobody(findings))
        return {Kind::suspicious, "a delivery report that names neither recipient nor mail server nor message", {}};
    if (claims) return {Kind::unrecognised, "a delivery report without a readable recipient", {}};
    if (const auto* rule = holding.find(Kind::delayed); rule != nullptr && report != nullptr) return from_rule(*rule);
    if (report != nullptr && !report->sure && is_correspondence(findings))
        return {Kind::other, "only a subject like a report's", {}};
    if (report != nullptr && holding.find(Kind::bounce, Holding::Signs::unsure) == nullptr &&
        is_postmasters_letter(findings))
        return {Kind::other, "only a sender like a report's", {}};
    if (report != nullptr) return {Kind::unrecognised, "sign " + report->id, {}};
    if (silent != nullptr && headers_of(findings).find("In-Reply-To") != nullptr)
        return {Kind::auto_reply, "an answer with an empty return path", {}};
    if (silent != nullptr) return from_rule(*silent);
    return {Kind::other, "no sign of a report", {}};
}

} // namespace

bool claims_report(const Layout& layout) {
    return layout.report_type == "delivery-status" || !layout.delivery_status.empty();
}

KindFinding decide_kind(const Findings& findings) {
    KindFinding out;
    if (decide_from_parts(findings, out)) return out;
    const auto* report = findings.holding.find(Kind::bounce);
    // People and lists write about bounces too, but not under a mail system's name.
    if (const auto* rule = findings.holding.find(Kind::other);
        rule != nullptr && (rule->sure || report == nullptr || !report->sure))
        return from_rule(*rule);
    const bool reports = findings.reading.format != nullptr || report != nullptr;
    if (const auto* name = attachment_with(findings, program_endings); name != nullptr && reports)
        return {Kind::suspicious, "attached program " + make_fact(*name, Source::none, {}).text, {}};
    const bool bare = !findings.returned && !claims_report(findings.layout);
    if (const auto* lure = bare ? find_lure(findings) : nullptr; lure != nullptr) return from_rule(*lure);
    const bool format_known =
        findings.reading.format != nullptr && findings.reading.format->looks == Format::Looks::any;
    // A worm's transcript may look real, but nothing is returned beside its archive, and it came with a sender.
    if (const auto* name = attachment_with(findings, archive_endings);
        name != nullptr && reports && (!format_known || (bare && has_return_path(findings))))
        return {Kind::suspicious, "attached archive " + make_fact(*name, Source::none, {}).text, {}};
    if (format_known) return from_reading(findings);
    return decide_from_signs(findings);
}

} // namespace nixie

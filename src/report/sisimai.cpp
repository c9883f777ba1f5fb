#include "report/sisimai.hpp"

#include <openssl/evp.h>

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

/// Formats of ours that Sisimai has a module for, under its name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 26> decoders{{
    {"amazon-ses", "AmazonSES"},
    {"courier", "Courier"},
    {"domino", "Domino"},
    {"dragonfly", "DragonFly"},
    {"dma", "DragonFly"},
    {"exim", "Exim"},
    {"google", "Gmail"},
    {"google-groups", "GoogleGroups"},
    {"gmx", "GMX"},
    {"imailserver", "IMailServer"},
    {"imail", "IMailServer"},
    {"apache-james", "ApacheJames"},
    {"james", "ApacheJames"},
    {"mailmarshal", "MailMarshal"},
    {"mailru", "MailRu"},
    {"messagingserver", "MessagingServer"},
    {"mimecast", "Mimecast"},
    {"notes", "Notes"},
    {"opensmtpd", "OpenSMTPD"},
    {"postfix", "Postfix"},
    {"qmail", "qmail"},
    {"sendmail", "Sendmail"},
    {"verizon", "Verizon"},
    {"yahoo", "Yahoo"},
    {"yandex", "Yandex"},
    {"zoho", "Zoho"},
}};

std::string decoder(const Report& report) {
    if (report.kind == Kind::complaint) return "ARF";
    if (report.format.empty()) return "RFC3464";
    for (const auto& [ours, theirs] : decoders)
        if (report.format == ours) return std::string(theirs);
    return report.format;
}

std::string part_behind_at(const std::string& address) {
    const auto at = address.rfind('@');
    return at == std::string::npos ? std::string() : address.substr(at + 1);
}

/// Forty hexadecimal digits that stay the same for the same sender, recipient and time. Not those of Sisimai.
std::string token(const std::string& sender, const std::string& recipient, std::int64_t timestamp) {
    const std::string text = fmt::format("{}\n{}\n{}", to_lower(sender), to_lower(recipient), timestamp);
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    std::string out;
    for (unsigned int i = 0; i < size; ++i) out += fmt::format("{:02x}", digest[i]);
    return out;
}

std::string action(Kind kind, const Evidence& evidence) {
    if (kind == Kind::complaint) return {};
    if (!evidence.action.empty()) return evidence.action.text;
    return kind == Kind::delayed ? "delayed" : "failed";
}

Json sisimai_object(const Report& report, const Evidence& evidence, const Verdict& verdict, const std::string& file) {
    const bool complaint = report.kind == Kind::complaint;
    const std::int64_t timestamp = report.date ? report.date->time_since_epoch() / std::chrono::seconds(1) : 0;
    const std::string& sender = report.original.from;
    const std::string& recipient = evidence.address.text;
    const bool replied = !evidence.smtp_code.empty() || !evidence.status.empty();
    const bool hard = !complaint && verdict.type == BounceType::hard;
    Json out;
    out["action"] = action(report.kind, evidence);
    out["addresser"] = sender;
    out["alias"] = evidence.original_address.text;
    out["catch"] = nullptr;
    out["command"] = evidence.command.text == "CONNECT" ? "CONN" : evidence.command.text;
    out["decodedby"] = decoder(report);
    out["deliverystatus"] = evidence.status.text;
    out["destination"] = part_behind_at(recipient);
    out["diagnosticcode"] = evidence.diagnostic.text;
    out["diagnostictype"] = replied && !complaint ? "SMTP" : "";
    out["feedbackid"] = "";
    out["feedbacktype"] = report.feedback_type;
    out["hardbounce"] = hard;
    out["lhost"] = report.reporting_mta;
    out["listid"] = "";
    out["messageid"] = report.original.message_id;
    out["origin"] = file;
    out["reason"] = complaint ? "feedback" : sisimai_name(verdict.reason);
    out["recipient"] = recipient;
    out["replycode"] = evidence.smtp_code.text;
    out["rhost"] = evidence.remote_mta.text;
    out["senderdomain"] = part_behind_at(sender);
    out["subject"] = report.original.subject;
    out["timestamp"] = timestamp;
    out["timezoneoffset"] = "+0000";
    out["token"] = token(sender, recipient, timestamp);
    // What earlier releases called decodedby, command and hardbounce.
    out["smtpagent"] = out["decodedby"];
    out["smtpcommand"] = out["command"];
    out["softbounce"] = complaint ? -1 : hard ? 0 : 1;
    return out;
}

} // namespace

std::string sisimai_objects(const Judgement& judgement, const std::string& file) {
    const Report& report = judgement.report;
    std::string out;
    if (report.kind != Kind::bounce && report.kind != Kind::delayed && report.kind != Kind::complaint) return out;
    for (std::size_t i = 0; i < report.recipients.size(); ++i) {
        const Json object = sisimai_object(report, report.recipients[i], judgement.verdicts[i], file);
        out += (i == 0 ? "" : ",\n") + object.dump(-1, ' ', false, Json::error_handler_t::replace);
    }
    return out;
}

} // namespace nixie

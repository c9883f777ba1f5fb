#include "report/judgement.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "report/evidence_json.hpp"
#include "report/table.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

void put(Json& object, const char* key, const std::string& value) {
    if (!value.empty()) object[key] = value;
}

Json original_json(const Original& original) {
    Json out = Json::object();
    put(out, "message_id", original.message_id);
    put(out, "envelope_id", original.envelope_id);
    put(out, "subject", original.subject);
    put(out, "from", original.from);
    put(out, "to", original.to);
    put(out, "campaign", original.campaign);
    return out;
}

} // namespace

bool has_verdicts(Kind kind) {
    return kind == Kind::bounce || kind == Kind::delayed || kind == Kind::unrecognised || kind == Kind::suspicious;
}

nlohmann::ordered_json evidence_json(Kind kind, const Evidence& evidence, const Verdict& verdict) {
    Json out;
    Json sources = Json::object();
    const auto put_fact = [&](const char* key, const Fact& fact) {
        if (fact.empty()) return;
        out[key] = fact.text;
        sources[key] = name(fact.source);
    };
    put_fact("address", evidence.address);
    put_fact("original_address", evidence.original_address);
    put_fact("action", evidence.action);
    put_fact("status", evidence.status);
    put_fact("smtp_code", evidence.smtp_code);
    put_fact("command", evidence.command);
    if (has_verdicts(kind)) {
        out["reason"] = name(verdict.reason);
        out["category"] = name(verdict.category);
        out["type"] = name(verdict.type);
        put(out, "rule", verdict.rule);
        put(out, "matched", verdict.matched);
        put(out, "suggestion", verdict.suggestion);
    }
    put_fact("diagnostic", evidence.diagnostic);
    put_fact("remote_mta", evidence.remote_mta);
    if (!sources.empty()) out["sources"] = std::move(sources);
    return out;
}

std::string judgement_json(const Judgement& judgement, const std::string& file, std::size_t number) {
    const Report& report = judgement.report;
    Json out;
    out["file"] = file;
    if (number > 0) out["message"] = number;
    out["kind"] = name(report.kind);
    put(out, "ground", report.ground);
    put(out, "format", report.format);
    put(out, "reporting_mta", report.reporting_mta);
    put(out, "feedback_type", report.feedback_type);
    if (report.date) out["date"] = format_time(*report.date);
    Json recipients = Json::array();
    for (std::size_t i = 0; i < report.recipients.size(); ++i)
        recipients.push_back(evidence_json(report.kind, report.recipients[i], judgement.verdicts[i]));
    out["recipients"] = std::move(recipients);
    if (Json original = original_json(report.original); !original.empty()) out["original"] = std::move(original);
    if (!report.defects.empty()) out["defects"] = report.defects;
    // A file's name may be no UTF-8; everything else is.
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string judgement_text(const Judgement& judgement, const std::string& file, std::size_t number) {
    const Report& report = judgement.report;
    std::string out = fmt::format("{}: {} ({})\n", message_name(file, number), name(report.kind), report.ground);
    for (std::size_t i = 0; i < report.recipients.size(); ++i) {
        const Evidence& evidence = report.recipients[i];
        const Verdict& verdict = judgement.verdicts[i];
        out += fmt::format("  {}", evidence.address.text);
        if (has_verdicts(report.kind))
            out += fmt::format("  {}  {}  {}", name(verdict.type), name(verdict.category), name(verdict.reason));
        out += fmt::format("{}{}\n", evidence.status.empty() ? "" : "  ", evidence.status.text);
        if (!verdict.suggestion.empty()) out += fmt::format("    {} may be meant\n", verdict.suggestion);
        if (!evidence.diagnostic.empty()) out += fmt::format("    {}\n", evidence.diagnostic.text);
    }
    return printable(out);
}

std::string message_name(const std::string& file, std::size_t number) {
    return number > 0 ? fmt::format("{}#{}", file, number) : file;
}

void add_to_table(Table& table, const Judgement& judgement, const std::string& file, std::size_t number) {
    const Report& report = judgement.report;
    const std::string message = message_name(file, number);
    const std::string kind(name(report.kind));
    if (report.recipients.empty()) return table.add({message, kind, "", "", "", "", "", report.ground});
    for (std::size_t i = 0; i < report.recipients.size(); ++i) {
        const Evidence& evidence = report.recipients[i];
        const Verdict& verdict = judgement.verdicts[i];
        const auto word = [&](std::string_view text) { return std::string(has_verdicts(report.kind) ? text : ""); };
        table.add({message, kind, evidence.address.text, word(name(verdict.type)), word(name(verdict.category)),
                   word(name(verdict.reason)), evidence.status.text,
                   evidence.diagnostic.empty() ? report.ground : evidence.diagnostic.text});
    }
}

Table judgement_table() {
    return Table({{"FILE"}, {"KIND"}, {"RECIPIENT"}, {"TYPE"}, {"CATEGORY"}, {"REASON"}, {"STATUS"}, {"DIAGNOSTIC"}});
}

} // namespace nixie

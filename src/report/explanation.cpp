#include "report/explanation.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/columns.hpp"
#include "report/evidence_json.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t label_width = 12;

/// Labelled paragraphs, one below the other.
class Sheet {
  public:
    Sheet(std::size_t indent, std::size_t columns) : indent_(indent), columns_(columns) {}

    void add(std::string_view label, const std::string& text) {
        const std::size_t hang = indent_ + label_width;
        const std::size_t room = columns_ == any_width || columns_ < hang + 20 ? any_width : columns_ - hang;
        out_ += fmt::format("{:{}}{:{}}{}\n", "", indent_, printable(label), label_width, wrapped(text, hang, room));
    }
    [[nodiscard]] const std::string& text() const { return out_; }

  private:
    std::size_t indent_, columns_;
    std::string out_;
};

template <class Word>
std::string with_meaning(Word word) {
    return fmt::format("{}: {}", name(word), info(word).meaning);
}

std::string joined(const std::vector<std::string>& texts) { return fmt::format("{}", fmt::join(texts, ", ")); }

/// "part 2 (message/delivery-status), line 9", as far as it is known.
std::string place_text(const Place& place, const std::vector<std::string>& part_types) {
    if (place.part < 0) return {};
    const auto part = static_cast<std::size_t>(place.part);
    std::string out = fmt::format("part {}", part + 1);
    if (part < part_types.size()) out += fmt::format(" ({})", part_types[part]);
    out += place.line > 0 ? fmt::format(", line {}", place.line) : ", a header field";
    return out;
}

std::string class_and_subject(const CodeMeaning& code) {
    std::string out;
    if (code.of_class != nullptr) out += code.of_class->name;
    if (code.of_subject != nullptr) out += (out.empty() ? "" : ", ") + code.of_subject->name;
    return out;
}

/// One line for each code that a reply holds.
void add_codes(Sheet& sheet, const std::vector<CodeMeaning>& codes) {
    for (const auto& code : codes) {
        std::string text = class_and_subject(code);
        if (code.of_code != nullptr)
            text = fmt::format("{} ({}): {}", code.of_code->name, text, code.of_code->meaning);
        else
            text += ": this code is not registered";
        sheet.add(code.code, text);
    }
}

void add_verdict(Sheet& sheet, const Verdict& verdict) {
    sheet.add("reason", with_meaning(verdict.reason));
    sheet.add("category", with_meaning(verdict.category));
    sheet.add("type", with_meaning(verdict.type));
    sheet.add("to do", std::string(info(verdict.category).action));
    if (!verdict.suggestion.empty()) sheet.add("perhaps", verdict.suggestion + " may be meant");
}

void add_rules(Sheet& sheet, const RecipientExplanation& recipient, const Explanation& whole) {
    const RuleMatch& decided = recipient.rules.front();
    if (decided.where.empty()) {
        sheet.add("rule", "none: no rule knows these words. conf/rules/README.md tells how to add one.");
        return;
    }
    sheet.add("rule", fmt::format("{} ({})", decided.verdict.rule, decided.where));
    std::string matched = fmt::format("\"{}\"", decided.verdict.matched);
    if (whole.of == Explanation::Of::message) {
        const auto place = place_text(decided.verdict.place, whole.part_types);
        if (!place.empty()) matched += fmt::format(" in {}, read as {}", place, name(decided.verdict.source));
    }
    sheet.add("matched", matched);
    if (!decided.source.empty()) sheet.add("wording", decided.source);
    for (std::size_t i = 1; i < recipient.rules.size(); ++i) {
        const auto& other = recipient.rules[i];
        sheet.add(i == 1 ? "also holds" : "", fmt::format("{} by {} ({}) on \"{}\"", name(other.verdict.reason),
                                                          other.verdict.rule, other.where, other.verdict.matched));
    }
}

std::string codes_text(const Explanation& explanation, std::size_t columns) {
    std::string out;
    const RecipientExplanation& codes = explanation.recipients.front();
    for (const auto& code : codes.codes) {
        out += fmt::format("{}  {}\n", code.code, code.of_code != nullptr ? code.of_code->name : "not registered");
        Sheet sheet(2, columns);
        const auto add = [&](std::string_view label, const CodeEntry* entry) {
            if (entry != nullptr) sheet.add(label, fmt::format("{}, {}: {}", entry->code, entry->name, entry->meaning));
        };
        add("class", code.of_class);
        add("subject", code.of_subject);
        const CodeEntry* detail = code.of_code;
        if (detail != nullptr) sheet.add("meaning", detail->meaning);
        const CodeEntry* advice = detail != nullptr ? detail : code.of_class;
        if (advice != nullptr) sheet.add("to do", advice->action);
        if (detail != nullptr && !detail->reply.empty()) sheet.add("replies", joined(detail->reply));
        if (detail != nullptr && !detail->rfc.empty()) sheet.add("defined in", joined(detail->rfc));
        sheet.add("registry", fmt::format("{}, as of {}{}", code.book->name, code.book->as_of,
                                          detail == nullptr ? ", which does not have this code" : ""));
        out += sheet.text() + "\n";
    }
    const RuleMatch& alone = codes.rules.front();
    if (alone.where.empty()) return out.erase(out.size() - 1);
    Sheet sheet(2, columns);
    out += "With nothing more telling beside it, nixie takes it for:\n";
    add_verdict(sheet, alone.verdict);
    sheet.add("rule", fmt::format("{} ({})", alone.verdict.rule, alone.where));
    if (!alone.source.empty()) sheet.add("wording", alone.source);
    return out + sheet.text();
}

std::string lines_text(const Explanation& explanation, std::size_t columns) {
    std::string out;
    for (const auto& line : explanation.recipients) {
        Sheet sheet(2, columns);
        add_verdict(sheet, line.rules.front().verdict);
        add_rules(sheet, line, explanation);
        add_codes(sheet, line.codes);
        out += (out.empty() ? "" : "\n") + wrapped(line.line, 0, columns) + "\n" + sheet.text();
    }
    return out;
}

std::string message_text(const Explanation& explanation, const std::string& title, std::size_t columns) {
    const Report& report = explanation.report;
    std::string out = fmt::format("{}: {} ({})\n", printable(title), name(report.kind), printable(report.ground));
    Sheet head(2, columns);
    head.add("kind", with_meaning(report.kind));
    if (!report.format.empty()) head.add("format", report.format);
    if (!report.reporting_mta.empty()) head.add("reported by", report.reporting_mta);
    if (!report.defects.empty()) head.add("defects", joined(report.defects));
    out += head.text();
    for (const auto& recipient : explanation.recipients) {
        const Evidence& evidence = recipient.evidence;
        out += fmt::format("\n  {}\n", printable(evidence.address.text));
        Sheet sheet(4, columns);
        if (has_verdicts(report.kind)) {
            add_verdict(sheet, recipient.rules.front().verdict);
            add_rules(sheet, recipient, explanation);
        }
        if (!evidence.diagnostic.empty()) sheet.add("diagnostic", evidence.diagnostic.text);
        if (!evidence.remote_mta.empty()) sheet.add("said by", evidence.remote_mta.text);
        if (!evidence.command.empty()) sheet.add("answered", evidence.command.text);
        add_codes(sheet, recipient.codes);
        out += sheet.text();
    }
    return out;
}

Json code_json(const CodeMeaning& code) {
    Json out;
    out["code"] = code.code;
    out["registered"] = code.of_code != nullptr;
    const auto put_entry = [&](const char* key, const CodeEntry* entry) {
        if (entry != nullptr) out[key] = {{"code", entry->code}, {"name", entry->name}, {"meaning", entry->meaning}};
    };
    put_entry("class", code.of_class);
    put_entry("subject", code.of_subject);
    if (code.of_code != nullptr) {
        out["name"] = code.of_code->name;
        out["meaning"] = code.of_code->meaning;
        out["replies"] = code.of_code->reply;
        out["rfc"] = code.of_code->rfc;
    }
    const CodeEntry* advice = code.of_code != nullptr ? code.of_code : code.of_class;
    if (advice != nullptr) out["advice"] = advice->action;
    out["registry"] = {{"name", code.book->name}, {"source", code.book->source}, {"as_of", code.book->as_of}};
    return out;
}

Json match_json(const RuleMatch& match, const Explanation& whole) {
    const Verdict& verdict = match.verdict;
    Json out{{"rule", verdict.rule},
             {"where", match.where},
             {"wording", match.source},
             {"reason", name(verdict.reason)},
             {"category", name(verdict.category)},
             {"type", name(verdict.type)},
             {"matched", verdict.matched}};
    if (whole.of == Explanation::Of::message && verdict.place.part >= 0) {
        Json place{{"source", name(verdict.source)}, {"part", verdict.place.part + 1}};
        const auto part = static_cast<std::size_t>(verdict.place.part);
        if (part < whole.part_types.size()) place["content_type"] = whole.part_types[part];
        if (verdict.place.line > 0) place["line"] = verdict.place.line;
        out["matched_in"] = std::move(place);
    }
    return out;
}

Json explained_recipient_json(const RecipientExplanation& recipient, const Explanation& whole) {
    const Verdict& verdict = recipient.rules.front().verdict;
    const Kind kind = whole.of == Explanation::Of::message ? whole.report.kind : Kind::bounce;
    Json out = Json::object();
    if (!recipient.line.empty()) out["line"] = recipient.line;
    out.update(evidence_json(kind, recipient.evidence, verdict));
    if (has_verdicts(kind)) {
        out["meaning"] = {{"reason", info(verdict.reason).meaning},
                          {"category", info(verdict.category).meaning},
                          {"type", info(verdict.type).meaning}};
        out["advice"] = info(verdict.category).action;
        Json rules = Json::array();
        for (const auto& match : recipient.rules)
            if (!match.where.empty()) rules.push_back(match_json(match, whole));
        out["rules"] = std::move(rules);
    }
    Json codes = Json::array();
    for (const auto& code : recipient.codes) codes.push_back(code_json(code));
    out["codes"] = std::move(codes);
    return out;
}

} // namespace

std::string explanation_text(const Explanation& explanation, const std::string& title, std::size_t columns) {
    switch (explanation.of) {
        case Explanation::Of::codes:
            return codes_text(explanation, columns);
        case Explanation::Of::lines:
            return lines_text(explanation, columns);
        case Explanation::Of::message:
            return message_text(explanation, title, columns);
    }
    return {};
}

std::string explanation_json(const Explanation& explanation, const std::string& title) {
    Json out;
    out["input"] = title;
    switch (explanation.of) {
        case Explanation::Of::codes:
            out["is"] = "codes";
            break;
        case Explanation::Of::lines:
            out["is"] = "lines";
            break;
        case Explanation::Of::message:
            out["is"] = "message";
            out["kind"] = name(explanation.report.kind);
            out["kind_meaning"] = info(explanation.report.kind).meaning;
            out["ground"] = explanation.report.ground;
            if (!explanation.report.format.empty()) out["format"] = explanation.report.format;
            break;
    }
    Json recipients = Json::array();
    for (const auto& recipient : explanation.recipients)
        recipients.push_back(explained_recipient_json(recipient, explanation));
    out["explanations"] = std::move(recipients);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace nixie

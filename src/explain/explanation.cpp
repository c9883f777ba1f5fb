#include "explain/explanation.hpp"

#include <utility>

#include "base/text.hpp"
#include "classify/example.hpp"
#include "evidence/address.hpp"
#include "evidence/delivery_status.hpp"
#include "evidence/smtp_reply.hpp"
#include "nixie/typo.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_lines = 1'000;

/// Whether `line` continues the reply that `before` ends with: "550-one" is followed by "550-two" or "550 two".
bool continues_reply(std::string_view before, std::string_view line) {
    const auto code = find_reply(before).code;
    if (code.empty() || !line.starts_with(code)) return false;
    return before.find(code + "-") != std::string_view::npos;
}

/// The place of what was given on the command line.
constexpr Place line_place{0, 1};

/// Whether the top of `message` looks like that of mail, and not like a line from a log that happens to have a colon in it.
bool has_mail_header(const Message& message) {
    for (const auto* name : {"From", "Subject", "Date", "Received", "Message-ID", "Content-Type", "Return-Path"})
        if (message.headers().find(name) != nullptr) return true;
    return false;
}

} // namespace

std::vector<std::string> failure_lines(std::string_view text) {
    std::vector<std::string> out;
    bool has_code = false;
    std::string_view line, before;
    while (next_line(text, line)) {
        if (trim(line).empty()) continue;
        const auto reply = find_reply(line.substr(0, longest_diagnostic));
        const bool speaks = !reply.code.empty() || !reply.status.empty();
        const bool indented = line.front() == ' ' || line.front() == '\t';
        const bool begins = speaks && has_code && !indented && !continues_reply(before, line);
        if (out.empty() || (begins && out.size() < most_lines)) {
            out.emplace_back();
            has_code = false;
        }
        std::string& last = out.back();
        if (last.size() < longest_diagnostic)
            last += (last.empty() ? "" : " ") + std::string(trim(line).substr(0, longest_diagnostic));
        has_code = has_code || speaks;
        before = line;
    }
    if (out.empty()) out.emplace_back();
    return out;
}

Evidence line_evidence(std::string_view text) {
    // As Postfix words it, where it does: the remote host is told apart from the reply.
    Evidence out = example_evidence(fold_space(text.substr(0, 4 * longest_diagnostic)));
    out.diagnostic = make_fact(out.diagnostic.text, Source::smtp_reply, line_place, longest_diagnostic);
    if (out.address.empty()) {
        const auto addresses = addresses_in(out.diagnostic.text);
        if (!addresses.empty()) out.address.text = addresses.front();
    }
    for (Fact* fact : {&out.address, &out.action, &out.command, &out.remote_mta, &out.smtp_code, &out.status})
        *fact = make_fact(fact->text, Source::smtp_reply, line_place);
    read_diagnostic(out);
    return out;
}

RecipientExplanation Explainer::of_evidence(const Evidence& evidence) const {
    RecipientExplanation out;
    out.evidence = evidence;
    for (auto& verdict : classify_all(evidence, judge_.rules())) {
        const auto origin = judge_.rules().find(verdict.rule);
        out.rules.push_back({std::move(verdict), origin ? std::string(origin->where) : std::string(),
                             origin ? std::string(origin->source) : std::string()});
    }
    auto& decided = out.rules.front().verdict;
    decided.suggestion = suggest_address(evidence.address.text, decided.reason);
    out.codes = look_up({evidence.smtp_code.text, evidence.status.text}, registry_);
    return out;
}

Explanation Explainer::of_codes(const Codes& codes) const {
    Evidence evidence;
    evidence.smtp_code = make_fact(codes.reply, Source::smtp_reply, line_place);
    evidence.status = make_fact(codes.status, Source::smtp_reply, line_place);
    const auto both = codes.reply + (codes.reply.empty() || codes.status.empty() ? "" : " ") + codes.status;
    evidence.diagnostic = make_fact(both, Source::smtp_reply, line_place);
    Explanation out;
    out.of = Explanation::Of::codes;
    out.recipients.push_back(of_evidence(evidence));
    out.recipients.back().codes = look_up(codes, registry_);
    return out;
}

Explanation Explainer::of_lines(std::string_view text) const {
    Explanation out;
    out.of = Explanation::Of::lines;
    for (auto& line : failure_lines(text)) {
        out.recipients.push_back(of_evidence(line_evidence(line)));
        out.recipients.back().line = std::move(line);
    }
    return out;
}

Explanation Explainer::of_message(std::string_view bytes, const Limits& limits) const {
    const Message message = parse_message(bytes, limits);
    Explanation out;
    out.of = Explanation::Of::message;
    out.report = read_report(message, judge_.formats());
    for (const auto& part : message.parts) out.part_types.push_back(part.type);
    for (const auto& evidence : out.report.recipients) out.recipients.push_back(of_evidence(evidence));
    return out;
}

Explanation Explainer::of_text(std::string_view bytes, const Limits& limits) const {
    Explanation out = of_message(bytes, limits);
    if (has_mail_header(parse_message(bytes, limits))) return out;
    // A report's body, pasted without its header: what a server writes is known, what any report may look like is a line too.
    const bool is_report = !out.report.format.empty() && !out.report.format.starts_with("generic-");
    return is_report ? out : of_lines(bytes);
}

} // namespace nixie

#include "nixie/judge.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "classify/example.hpp"
#include "evidence/delivery_status.hpp"
#include "nixie/typo.hpp"

namespace nixie {
namespace {

bool operator==(const Place& a, const Place& b) { return a.part == b.part && a.line == b.line; }
bool operator==(const Fact& a, const Fact& b) { return a.source == b.source && a.place == b.place && a.text == b.text; }

std::string_view domain_in(const Evidence& evidence) {
    const std::string_view address = evidence.address.text;
    return address.substr(std::min(address.rfind('@'), address.size()));
}

/// Whether what was decided of `known` holds for `next` too: in a long list one explanation is for all.
bool is_decided_by(const Evidence& known, const Verdict& verdict, const Evidence& next) {
    const bool by_address = verdict.source == known.address.source && verdict.place == known.address.place;
    return known.status == next.status && known.smtp_code == next.smtp_code && known.command == next.command &&
           known.action == next.action && known.remote_mta == next.remote_mta && known.diagnostic == next.diagnostic &&
           domain_in(known) == domain_in(next) &&
           (!by_address || (known.address.source == next.address.source && known.address.place == next.address.place));
}

/// No message is one line: somebody pasted what a server or a queue said. Where it holds no code, only the rules can tell it
/// from other words.
void read_pasted_line(std::string_view bytes, const Rules& rules, Report& report) {
    const std::string_view line = trim(bytes);
    if (report.kind != Kind::other || line.empty() || line.size() > longest_diagnostic ||
        line.find_first_of("\r\n") != std::string_view::npos)
        return;
    Evidence evidence = example_evidence(line);
    evidence.diagnostic = make_fact(evidence.diagnostic.text, Source::smtp_reply, {0, 1}, longest_diagnostic);
    const Verdict verdict = classify(evidence, rules);
    if (verdict.reason == Reason::undefined) return;
    report.kind = Kind::bounce;
    report.ground = "a pasted line, by rule " + verdict.rule;
    report.from.clear();
    report.recipients.push_back(std::move(evidence));
}

} // namespace

Result<Judge> Judge::with_own(const std::string& directory, Attribution attribution) {
    auto formats = Formats::with_own(directory);
    if (!formats) return formats.error();
    auto rules = Rules::with_own(directory);
    if (!rules) return rules.error();
    return Judge(std::move(formats).value(), std::move(rules).value(), std::move(attribution));
}

Judgement Judge::operator()(std::string_view bytes, const Limits& limits) const {
    Judgement out{read_report(parse_message(bytes, limits), formats_, attribution_), {}};
    read_pasted_line(bytes, rules_, out.report);
    out.verdicts.reserve(out.report.recipients.size());
    const Evidence* known = nullptr;
    for (const auto& evidence : out.report.recipients) {
        const bool again = known != nullptr && is_decided_by(*known, out.verdicts.back(), evidence);
        out.verdicts.push_back(again ? Verdict(out.verdicts.back()) : classify(evidence, rules_));
        out.verdicts.back().suggestion.clear();
        known = &evidence;
        if (out.report.kind == Kind::bounce)
            out.verdicts.back().suggestion = suggest_address(evidence.address.text, out.verdicts.back().reason);
    }
    return out;
}

} // namespace nixie

#include <optional>

#include "classify/compiled_rules.hpp"
#include "classify/reply.hpp"

namespace nixie {
namespace {

enum class Anchor { anywhere, whole };

/// What the rules look at, by its part in them.
struct Facts {
    const Evidence& evidence;
    std::string words; ///< of the diagnostic
    std::string_view domain;
};

std::string_view domain_of(std::string_view address) {
    const auto at = address.rfind('@');
    return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

/// The part of `text` that one of `patterns` matches.
std::optional<std::string_view> match(const CompiledRule::Alternatives& patterns, std::string_view text,
                                      Anchor anchor) {
    const auto characters = anchor == Anchor::whole ? characters_of(text) : 0;
    for (const auto& pattern : patterns)
        if (anchor == Anchor::anywhere) {
            if (const auto found = pattern.find(text)) return found;
        } else if (pattern.matches_whole(text, characters)) {
            return text;
        }
    return std::nullopt;
}

void explain(Verdict& verdict, std::string_view matched, const Fact& fact) {
    if (!verdict.matched.empty()) return; // a condition that tells more was first
    verdict.matched = std::string(matched);
    verdict.source = fact.source;
    verdict.place = fact.place;
}

/// Whether the candidate's conditions all hold; if so, `verdict` has what matched and where, of the most telling one.
bool holds(const Candidate& candidate, const Facts& facts, Verdict& verdict) {
    struct Condition {
        const CompiledRule::Alternatives& patterns;
        std::string_view text;
        const Fact& fact;
        Anchor anchor;
    };
    const Evidence& evidence = facts.evidence;
    if (candidate.text != nullptr) {
        const auto found = candidate.text->find(facts.words);
        if (!found) return false;
        explain(verdict, *found, evidence.diagnostic);
    }
    const CompiledRule& rule = *candidate.rule;
    const std::array<Condition, 6> others{{
        {rule.status, evidence.status.text, evidence.status, Anchor::whole},
        {rule.code, evidence.smtp_code.text, evidence.smtp_code, Anchor::whole},
        {rule.command, evidence.command.text, evidence.command, Anchor::whole},
        {rule.action, evidence.action.text, evidence.action, Anchor::whole},
        {rule.mta, evidence.remote_mta.text, evidence.remote_mta, Anchor::anywhere},
        {rule.domain, facts.domain, evidence.address, Anchor::anywhere},
    }};
    for (const auto& condition : others) {
        if (condition.patterns.empty()) continue;
        const auto found = match(condition.patterns, condition.text, condition.anchor);
        if (!found) return false;
        explain(verdict, *found, condition.fact);
    }
    return true;
}

/// Whether the failure was temporary. The reply's own code is believed before the status, which the reporting server
/// may have made up; "delayed" before both. Neither known: permanent, as most reports are written when a server gives up.
bool is_temporary(const Evidence& evidence) {
    if (evidence.action.text == "delayed") return true;
    for (const auto& text : {evidence.smtp_code.text, evidence.status.text})
        if (!text.empty() && (text.front() == '4' || text.front() == '5')) return text.front() == '4';
    return false;
}

BounceType type_of(const CompiledRule& rule, const Evidence& evidence) {
    if (rule.type) return *rule.type;
    return is_temporary(evidence) ? info(rule.reason).on_temporary : info(rule.reason).type;
}

enum class Wanted { first, all };

std::vector<Verdict> verdicts(const Evidence& evidence, const Rules& rules, Wanted wanted) {
    const auto domain = domain_of(evidence.address.text);
    const Facts facts{evidence, words_of(evidence.diagnostic.text, domain), domain};
    std::vector<Verdict> out;
    for (const auto& candidate : rules.impl().candidates(facts.words)) {
        // A rule is a candidate once for each of its texts.
        if (!out.empty() && out.back().rule == candidate.rule->id) continue;
        Verdict verdict;
        if (!holds(candidate, facts, verdict)) continue;
        verdict.reason = candidate.rule->reason;
        verdict.category = candidate.rule->category;
        verdict.type = type_of(*candidate.rule, evidence);
        verdict.rule = candidate.rule->id;
        out.push_back(std::move(verdict));
        if (wanted == Wanted::first) break;
    }
    if (out.empty()) out.emplace_back().rule = "undefined";
    return out;
}

} // namespace

Verdict classify(const Evidence& evidence, const Rules& rules) {
    return std::move(verdicts(evidence, rules, Wanted::first).front());
}

std::vector<Verdict> classify_all(const Evidence& evidence, const Rules& rules) {
    return verdicts(evidence, rules, Wanted::all);
}

} // namespace nixie

#include "report/rules.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/table.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_example = 200;

/// "hard", or "hard (4xx: soft)" where the reply's class decides.
std::string type_text(const Rule& rule) {
    if (rule.type) return std::string(name(*rule.type));
    const ReasonInfo& reason = info(rule.reason);
    if (reason.type == reason.on_temporary) return std::string(name(reason.type));
    return fmt::format("{} (4xx: {})", name(reason.type), name(reason.on_temporary));
}

std::string_view category_name(const Rule& rule) { return name(rule.category.value_or(info(rule.reason).category)); }

std::string line_of_json(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json plain_rule_json(const Rule& rule) {
    Json out{{"id", rule.id}, {"where", rule.where}, {"reason", name(rule.reason)}, {"category", category_name(rule)}};
    out["type"] = name(rule.type.value_or(info(rule.reason).type));
    out["type_on_4xx"] = name(rule.type.value_or(info(rule.reason).on_temporary));
    const auto put_list = [&](const char* key, const std::vector<std::string>& list) {
        if (!list.empty()) out[key] = list;
    };
    put_list("text", rule.text);
    put_list("status", rule.status);
    put_list("code", rule.code);
    put_list("command", rule.command);
    put_list("action", rule.action);
    put_list("mta", rule.mta);
    put_list("domain", rule.domain);
    out["source"] = rule.source;
    put_list("examples", rule.examples);
    put_list("counter_examples", rule.counter_examples);
    return out;
}

std::string one_line(const std::string& text) {
    const std::string folded = fold_space(text);
    const auto shown = clip(folded, longest_example);
    return std::string(shown) + (shown.size() < folded.size() ? "…" : "");
}

std::string with_place(const Rule& rule) { return fmt::format("{} ({})", rule.id, rule.where); }

std::string shadow_place(const Shadow& shadow) {
    const std::string& where = shadow.rule->where;
    return shadow.line == 0 ? where : where.substr(0, where.rfind(':') + 1) + std::to_string(shadow.line);
}

std::string shadow_what(const Shadow& shadow) {
    const std::string subject = shadow.pattern.empty()
                                    ? "rule " + shadow.rule->id
                                    : fmt::format("pattern '{}' of {}", shadow.pattern, shadow.rule->id);
    return fmt::format("{} can never decide: {} comes first and holds for whatever it matches", subject,
                       with_place(*shadow.by));
}

} // namespace

std::string rule_table(std::span<const Rule* const> rules) {
    Table table({{"RULE"}, {"REASON"}, {"CATEGORY"}, {"TYPE"}, {"WHERE"}});
    for (const Rule* rule : rules)
        table.add({rule->id, std::string(name(rule->reason)), std::string(category_name(*rule)), type_text(*rule),
                   rule->where});
    return table.text();
}

std::string rule_json(std::span<const Rule* const> rules) {
    std::string out;
    for (const Rule* rule : rules) out += line_of_json(plain_rule_json(*rule));
    return out;
}

std::string hit_table(std::span<const RuleHit> hits, std::size_t columns) {
    Table table({{"WHY"}, {"RULE"}, {"REASON"}, {"WHERE"}, {"WHAT"}});
    for (const auto& hit : hits)
        table.add({hit.why, hit.rule->id, std::string(name(hit.rule->reason)), hit.where, hit.what});
    return table.text(columns);
}

std::string hit_json(std::span<const RuleHit> hits) {
    std::string out;
    for (const auto& hit : hits)
        out += line_of_json({{"why", hit.why},
                             {"id", hit.rule->id},
                             {"reason", name(hit.rule->reason)},
                             {"where", hit.where},
                             {"what", hit.what}});
    return out;
}

std::string errors_text(std::span<const Error> errors) {
    std::string out;
    for (const auto& error : errors) out += printable(error.text()) + "\n";
    return out;
}

std::string errors_json(std::span<const Error> errors) {
    std::string out;
    for (const auto& error : errors)
        out += line_of_json({{"is", "error"}, {"where", error.where}, {"what", error.what}, {"remedy", error.remedy}});
    return out;
}

std::string shadows_text(std::span<const Shadow> shadows) {
    std::string out;
    for (const auto& shadow : shadows)
        out += printable(fmt::format("{}{}: {}; remove it, or move it before that rule\n",
                                     is_whole_rule(shadow) ? "" : "note: ", shadow_place(shadow), shadow_what(shadow)));
    return out;
}

std::string shadows_json(std::span<const Shadow> shadows) {
    std::string out;
    for (const auto& shadow : shadows)
        out += line_of_json({{"is", "shadowed"},
                             {"where", shadow_place(shadow)},
                             {"id", shadow.rule->id},
                             {"pattern", shadow.pattern},
                             {"by", shadow.by->id},
                             {"by_where", shadow.by->where}});
    return out;
}

std::string examples_text(const ExamplesRun& run) {
    std::string out;
    for (const auto& failure : run.failures)
        out += printable(
            fmt::format("{}: {}: {}\n    {}\n", failure.where, failure.id, failure.what, one_line(failure.text)));
    for (const auto& overruled : run.overruled)
        out += printable(fmt::format("{}: rule {} decides none of its examples: {} comes first\n",
                                     overruled.rule->where, overruled.rule->id, with_place(*overruled.by)));
    for (const auto& takeover : run.takeovers)
        out += printable(fmt::format("note: {} also decides {} of the built-in rules, such as {}:\n    {}\n",
                                     with_place(*takeover.by),
                                     takeover.count == 1 ? "an example" : fmt::format("{} examples", takeover.count),
                                     with_place(*takeover.from), one_line(takeover.text)));
    return out;
}

std::string examples_json(const ExamplesRun& run) {
    std::string out;
    for (const auto& failure : run.failures)
        out += line_of_json({{"is", "failure"},
                             {"where", failure.where},
                             {"id", failure.id},
                             {"what", failure.what},
                             {"example", failure.text}});
    for (const auto& overruled : run.overruled)
        out += line_of_json({{"is", "overruled"},
                             {"where", overruled.rule->where},
                             {"id", overruled.rule->id},
                             {"by", overruled.by->id},
                             {"by_where", overruled.by->where}});
    for (const auto& takeover : run.takeovers)
        out += line_of_json({{"is", "takeover"},
                             {"where", takeover.by->where},
                             {"id", takeover.by->id},
                             {"count", takeover.count},
                             {"from", takeover.from->id},
                             {"from_where", takeover.from->where},
                             {"example", takeover.text}});
    return out;
}

} // namespace nixie

#include "report/summary.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/changes.hpp"
#include "report/figures.hpp"
#include "report/rate.hpp"
#include "report/sender.hpp"
#include "report/table.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::int64_t bar_cells = 20;

/// Eighths of a cell make small differences visible.
std::string bar_text(std::int64_t count, std::int64_t most) {
    constexpr std::array<std::string_view, 8> eighths{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
    const std::int64_t units = most > 0 ? count * bar_cells * 8 / most : 0;
    std::string out;
    for (std::int64_t i = 0; i < units / 8; ++i) out += "█";
    out += eighths[static_cast<std::size_t>(units % 8)];
    return out.empty() && count > 0 ? "▏" : out;
}

/// What else a table of groups shows.
enum class Beside { before, nothing };

void add_groups(std::string& out, std::string_view title, const std::vector<GroupCount>& groups, std::size_t columns,
                Beside beside = Beside::before) {
    if (groups.empty()) return;
    std::int64_t most = 0;
    bool any_sent = false;
    for (const auto& group : groups) {
        most = std::max(most, group.bounces.total());
        any_sent = any_sent || group.sent > 0;
    }
    std::vector<Table::Column> headings{{std::string(title)},
                                        {"BOUNCES", Align::right},
                                        {"HARD", Align::right},
                                        {"SOFT", Align::right},
                                        {"BLOCKED", Align::right}};
    if (beside != Beside::nothing) headings.push_back({"BEFORE", Align::right});
    if (any_sent) headings.insert(headings.end(), {{"SENT", Align::right}, {"RATE", Align::right}});
    headings.push_back({""});
    Table table(std::move(headings));
    for (const auto& group : groups) {
        std::vector<std::string> cells{group.name, grouped(group.bounces.total()), grouped(group.bounces.hard),
                                       grouped(group.bounces.soft), grouped(group.bounces.blocked)};
        if (beside != Beside::nothing) cells.push_back(grouped(group.before));
        if (any_sent) cells.insert(cells.end(), {group.sent > 0 ? grouped(group.sent) : "-", rate_text(rated(group))});
        cells.push_back(bar_text(group.bounces.total(), most));
        table.add(std::move(cells));
    }
    out += "\n" + table.text(columns);
}

void add_rates(std::string& out, const Summary& summary, const ReportContext& context, std::size_t columns) {
    const Tally now = rated(summary.now), before = rated(summary.before);
    if (now.sent > 0)
        out += fmt::format("bounce rate {} of {} sent, {}; the alarm is at {} %{}\n", rate_text(now), grouped(now.sent),
                           level_text(now, context.sender), context.sender.alarm,
                           before.sent > 0 ? fmt::format("; {} in the span before", rate_text(before)) : "");
    if (!summary.mailing_rates.empty()) out += "\n" + rates_table(summary.mailing_rates, context.sender, columns);
}

void add_changes(std::string& out, const Summary& summary, std::size_t columns) {
    const auto changes = changes_of(summary);
    if (!changes) {
        out += "\nNothing is recorded of the span before, so there is nothing to compare with.\n";
        return;
    }
    for (const auto& [heading, all] :
         {std::pair{"WHAT CHANGED", &changes->figures}, std::pair{"REASON THAT CHANGED", &changes->reasons}}) {
        if (all->empty()) continue;
        Table table({{heading}, {"BEFORE", Align::right}, {"NOW", Align::right}, {"CHANGE"}});
        for (const auto& change : *all)
            table.add({change.name, grouped(change.before), grouped(change.now), change_text(change)});
        out += "\n" + table.text(columns);
    }
}

/// What to do about the most frequent reasons.
void add_advice(std::string& out, const Summary& summary, std::size_t columns) {
    constexpr std::size_t most = 5;
    std::size_t told = 0;
    for (const auto& group : summary.reasons) {
        const auto reason = find_reason(group.name);
        if (!reason || group.bounces.total() == 0 || told == most) continue;
        if (told++ == 0) out += "\nWHAT TO DO\n";
        out += fmt::format("  {}\n", wrapped(fmt::format("{}: {}. {}", group.name, info(*reason).meaning,
                                                         info(info(*reason).category).action),
                                             4, columns == any_width ? any_width : columns - 4));
    }
}

void add_removals(std::string& out, const Summary& summary, std::size_t columns) {
    if (summary.removals.empty()) return;
    Table table({{"RECOMMENDED FOR REMOVAL"}, {"STATE"}, {"REASON"}, {"REPORTS", Align::right}, {"NEWEST"}, {"CAUSE"}});
    for (const auto& row : summary.removals)
        table.add({row.address, std::string(name(row.state)), std::string(name(row.reason)), grouped(row.bounces),
                   zoned_day(row.since), row.cause});
    out += "\n" + table.text(columns);
    const auto shown = static_cast<std::int64_t>(summary.removals.size());
    if (summary.all_removals > shown) out += fmt::format("and {} more\n", summary.all_removals - shown);
}

void add_typos(std::string& out, const ReportContext& context, std::size_t columns) {
    if (context.typos.empty()) return;
    Table table({{"PROBABLY MISTYPED"}, {"PERHAPS MEANT"}});
    for (const auto& hint : context.typos) table.add({hint.address, hint.suggestion});
    out += "\n" + table.text(columns);
}

void add_rate(Json& row, const Tally& tally, const SenderPolicy& policy) {
    if (tally.sent <= 0) return;
    row["sent"] = tally.sent;
    row["rate_percent"] = rate_percent(tally);
    row["level"] = name(rate_level(tally, policy));
}

Json counts_json(const TypeCounts& counts) {
    return {{"bounces", counts.total()}, {"hard", counts.hard}, {"soft", counts.soft}, {"blocked", counts.blocked}};
}

Json groups_json(const std::vector<GroupCount>& groups, const SenderPolicy& policy) {
    Json out = Json::array();
    for (const auto& group : groups) {
        Json row{{"name", group.name}};
        row.update(counts_json(group.bounces));
        row["before"] = group.before;
        add_rate(row, rated(group), policy);
        out.push_back(std::move(row));
    }
    return out;
}

Json totals_json(const SpanTotals& totals, const SenderPolicy& policy) {
    Json out{{"messages", totals.messages}};
    out.update(counts_json(totals.bounces));
    out["recipients"] = totals.recipients;
    out["complaints"] = totals.complaints;
    add_rate(out, rated(totals), policy);
    return out;
}

Json changes_json(const std::vector<Change>& changes) {
    Json out = Json::array();
    for (const auto& change : changes) {
        const auto percent = change_percent(change);
        out.push_back({{"name", change.name},
                       {"before", change.before},
                       {"now", change.now},
                       {"change", change.now - change.before},
                       {"change_percent", percent ? Json(*percent) : Json(nullptr)},
                       {"trend", trend(change)}});
    }
    return out;
}

Json removals_json(const std::vector<RemovalAdvice>& removals) {
    Json out = Json::array();
    for (const auto& row : removals)
        out.push_back({{"address", row.address},
                       {"state", name(row.state)},
                       {"reason", name(row.reason)},
                       {"cause", row.cause},
                       {"reports", row.bounces},
                       {"newest", format_time(row.since)}});
    return out;
}

} // namespace

std::string summary_text(const Summary& summary, const ReportContext& context, std::size_t columns) {
    const SpanTotals& now = summary.now;
    if (now.messages == 0 && now.bounces.total() == 0)
        return fmt::format("No report arrived between {} and {}.\n", zoned_time(summary.since),
                           zoned_time(summary.until));
    std::string out = fmt::format("{} to {}: {} read, {} of {} addresses ({} in the span before)\n",
                                  zoned_time(summary.since), zoned_time(summary.until),
                                  number_of(now.messages, "message"), number_of(now.bounces.total(), "bounce"),
                                  grouped(now.recipients), grouped(summary.before.bounces.total()));
    out +=
        fmt::format("hard {}, soft {}, blocked {}; complaints {}; due for another try {}; recommended for removal {}\n",
                    grouped(now.bounces.hard), grouped(now.bounces.soft), grouped(now.bounces.blocked),
                    grouped(now.complaints), grouped(context.due), grouped(summary.all_removals));
    add_rates(out, summary, context, columns);
    add_changes(out, summary, columns);
    add_groups(out, "DAY", summary.days, columns, Beside::nothing);
    add_groups(out, "REASON", summary.reasons, columns);
    add_advice(out, summary, columns);
    add_groups(out, "CATEGORY", summary.categories, columns);
    add_groups(out, "MAILING", summary.mailings, columns);
    add_groups(out, "PROVIDER", summary.providers, columns);
    add_groups(out, "DOMAIN", summary.domains, columns);
    add_groups(out, "ANSWERING HOST", summary.hosts, columns);
    add_removals(out, summary, columns);
    add_typos(out, context, columns);
    return out;
}

std::string summary_json(const Summary& summary, const ReportContext& context) {
    const SenderPolicy& policy = context.sender;
    Json out{{"since", format_time(summary.since)}, {"until", format_time(summary.until)}};
    out.update(totals_json(summary.now, policy));
    out["before"] = {{"since", format_time(summary.since - (summary.until - summary.since))}};
    out["before"].update(totals_json(summary.before, policy));
    out["marks"] = {
        {"warning_percent", policy.warn}, {"alarm_percent", policy.alarm}, {"least_sent", policy.rate_floor}};
    out["mailing_rates"] = Json::array();
    for (const auto& rate : summary.mailing_rates) out["mailing_rates"].push_back(rate_json(rate, policy));
    const auto changes = changes_of(summary);
    out["changes"] = nullptr;
    if (changes)
        out["changes"] = {{"figures", changes_json(changes->figures)}, {"reasons", changes_json(changes->reasons)}};
    out["due"] = context.due;
    for (const auto& [name, groups] :
         {std::pair{"days", &summary.days}, std::pair{"reasons", &summary.reasons},
          std::pair{"categories", &summary.categories}, std::pair{"mailings", &summary.mailings},
          std::pair{"providers", &summary.providers}, std::pair{"domains", &summary.domains},
          std::pair{"hosts", &summary.hosts}})
        out[name] = groups_json(*groups, policy);
    Json read = Json::array();
    for (const auto& row : summary.kinds)
        read.push_back({{"name", row.name}, {"messages", row.bounces.total()}, {"before", row.before}});
    out["kinds"] = std::move(read);
    out["all_removals"] = summary.all_removals;
    out["removals"] = removals_json(summary.removals);
    Json typos = Json::array();
    for (const auto& hint : context.typos)
        typos.push_back({{"address", hint.address}, {"suggestion", hint.suggestion}});
    out["typos"] = std::move(typos);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace nixie

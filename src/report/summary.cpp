#include "report/summary.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "report/figures.hpp"
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

void add_groups(std::string& out, std::string_view title, const std::vector<GroupCount>& groups, std::size_t columns) {
    if (groups.empty()) return;
    std::int64_t most = 0;
    for (const auto& group : groups) most = std::max(most, group.bounces.total());
    Table table({{std::string(title)},
                 {"BOUNCES", Align::right},
                 {"HARD", Align::right},
                 {"SOFT", Align::right},
                 {"BLOCKED", Align::right},
                 {"BEFORE", Align::right},
                 {""}});
    for (const auto& group : groups)
        table.add({group.name, grouped(group.bounces.total()), grouped(group.bounces.hard), grouped(group.bounces.soft),
                   grouped(group.bounces.blocked), grouped(group.before), bar_text(group.bounces.total(), most)});
    out += "\n" + table.text(columns);
}

/// What to do about the most frequent reasons.
void add_advice(std::string& out, const Summary& summary, std::size_t columns) {
    constexpr std::size_t most = 5;
    std::size_t told = 0;
    for (const auto& group : summary.reasons) {
        const auto reason = find_reason(group.name);
        if (!reason || told == most) continue;
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

Json counts_json(const TypeCounts& counts) {
    return {{"bounces", counts.total()}, {"hard", counts.hard}, {"soft", counts.soft}, {"blocked", counts.blocked}};
}

Json groups_json(const std::vector<GroupCount>& groups) {
    Json out = Json::array();
    for (const auto& group : groups) {
        Json row{{"name", group.name}};
        row.update(counts_json(group.bounces));
        row["before"] = group.before;
        out.push_back(std::move(row));
    }
    return out;
}

} // namespace

std::string summary_text(const Summary& summary, const ReportContext& context, std::size_t columns) {
    if (summary.messages == 0 && summary.bounces.total() == 0)
        return fmt::format("No report arrived between {} and {}.\n", zoned_time(summary.since),
                           zoned_time(summary.until));
    std::string out = fmt::format("{} to {}: {} read, {} of {} addresses ({} in the span before)\n",
                                  zoned_time(summary.since), zoned_time(summary.until),
                                  number_of(summary.messages, "message"), number_of(summary.bounces.total(), "bounce"),
                                  grouped(summary.recipients), grouped(summary.before.total()));
    out +=
        fmt::format("hard {}, soft {}, blocked {}; complaints {}; due for another try {}; recommended for removal {}\n",
                    grouped(summary.bounces.hard), grouped(summary.bounces.soft), grouped(summary.bounces.blocked),
                    grouped(summary.complaints), grouped(context.due), grouped(summary.all_removals));
    add_groups(out, "DAY", summary.days, columns);
    add_groups(out, "REASON", summary.reasons, columns);
    add_advice(out, summary, columns);
    add_groups(out, "CATEGORY", summary.categories, columns);
    add_groups(out, "MAILING", summary.mailings, columns);
    add_groups(out, "DOMAIN", summary.domains, columns);
    add_groups(out, "ANSWERING HOST", summary.hosts, columns);
    add_removals(out, summary, columns);
    add_typos(out, context, columns);
    return out;
}

std::string summary_json(const Summary& summary, const ReportContext& context) {
    Json out{
        {"since", format_time(summary.since)}, {"until", format_time(summary.until)}, {"messages", summary.messages}};
    out.update(counts_json(summary.bounces));
    out["before"] = counts_json(summary.before);
    out["recipients"] = summary.recipients;
    out["complaints"] = summary.complaints;
    out["due"] = context.due;
    out["days"] = groups_json(summary.days);
    out["reasons"] = groups_json(summary.reasons);
    out["categories"] = groups_json(summary.categories);
    out["mailings"] = groups_json(summary.mailings);
    out["domains"] = groups_json(summary.domains);
    out["hosts"] = groups_json(summary.hosts);
    Json read = Json::array();
    for (const auto& row : summary.kinds)
        read.push_back({{"name", row.name}, {"messages", row.bounces.total()}, {"before", row.before}});
    out["kinds"] = std::move(read);
    out["all_removals"] = summary.all_removals;
    Json removals = Json::array();
    for (const auto& row : summary.removals)
        removals.push_back({{"address", row.address},
                            {"state", name(row.state)},
                            {"reason", name(row.reason)},
                            {"cause", row.cause},
                            {"reports", row.bounces},
                            {"newest", format_time(row.since)}});
    out["removals"] = std::move(removals);
    Json typos = Json::array();
    for (const auto& hint : context.typos)
        typos.push_back({{"address", hint.address}, {"suggestion", hint.suggestion}});
    out["typos"] = std::move(typos);
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace nixie

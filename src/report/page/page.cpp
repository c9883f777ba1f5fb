#include "report/page/page.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "report/figures.hpp"
#include "report/page/chart.hpp"
#include "report/page/html.hpp"
#include "report/page/overview.hpp"
#include "report/page/section.hpp"
#include "report/page/style.hpp"
#include "report/rate.hpp"

namespace nixie {
namespace {

std::string legend() {
    std::string out = R"(<ul class="legend">)";
    for (const auto& type : bounce_types)
        out += fmt::format(R"(<li><i class="{0}"></i>{0}: {1}</li>)", type.name, html(type.meaning));
    return out + "</ul>";
}

std::string sentence(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

std::string group_row(const GroupCount& group, std::int64_t most, const std::string& more, bool any_sent) {
    std::string out = fmt::format(
        R"(<tr><td class="name"><bdi>{}</bdi>{}</td><td class="number">{}</td><td class="bar">{}</td><td class="number more">{}</td><td class="number more">{}</td><td class="number more">{}</td><td class="number more">{}</td>)",
        html(group.name), more.empty() ? "" : "<small>" + html(sentence(more)) + "</small>",
        grouped(group.bounces.total()), bar(group.bounces, most), grouped(group.bounces.hard),
        grouped(group.bounces.soft), grouped(group.bounces.blocked), grouped(group.before));
    if (any_sent) out += fmt::format(R"(<td class="number">{}</td>)", rate_text(rated(group)));
    return out + "</tr>";
}

/// A table of groups; `what` is the text below a name, or nothing.
std::string group_table(std::string_view heading, std::span<const GroupCount> groups,
                        const std::function<std::string(const GroupCount&)>& what = {}) {
    std::int64_t most = 1;
    bool any_sent = false;
    for (const auto& group : groups) {
        most = std::max(most, group.bounces.total());
        any_sent = any_sent || group.sent > 0;
    }
    std::string out = fmt::format(
        R"(<div class="scroll"><table><thead><tr><th scope="col">{}</th><th scope="col" class="number">Bounces</th><th scope="col" class="bar"><span aria-hidden="true"></span></th>)"
        R"(<th scope="col" class="number more">Hard</th><th scope="col" class="number more">Soft</th><th scope="col" class="number more">Blocked</th><th scope="col" class="number more">Before</th>{}</tr></thead><tbody>)",
        heading, any_sent ? R"(<th scope="col" class="number">Rate</th>)" : "");
    for (const auto& group : groups)
        if (group.bounces.total() > 0) out += group_row(group, most, what ? what(group) : std::string(), any_sent);
    return out + "</tbody></table></div>";
}

std::string group_section(std::string_view title, std::string_view note, std::string_view heading,
                          std::span<const GroupCount> groups,
                          const std::function<std::string(const GroupCount&)>& what = {}) {
    const bool any = std::any_of(groups.begin(), groups.end(), [](const auto& one) { return one.bounces.total() > 0; });
    return !any ? std::string() : section(title, note, group_table(heading, groups, what));
}

std::string days(const Summary& summary) {
    if (summary.days.empty()) return {};
    const std::string label =
        fmt::format("Bounces a day from {} to {}, by type; the same figures are in the table below",
                    page_day(summary.since), page_day(summary.until));
    return section("Day by day", "When the reports arrived, by days of UTC.",
                   legend() + "<div class=\"scroll\">" + day_chart(summary.days, label) + "</div>" +
                       "<details><summary>The same as a table</summary>" + group_table("Day", summary.days) +
                       "</details>");
}

std::string reason_advice(const GroupCount& group) {
    const auto reason = find_reason(group.name);
    if (!reason) return {};
    return fmt::format("{}. {}", info(*reason).meaning, info(info(*reason).category).action);
}

std::string category_meaning(const GroupCount& group) {
    const auto category = find_category(group.name);
    return category ? std::string(info(*category).meaning) : std::string{};
}

std::string removals(const Summary& summary) {
    if (summary.removals.empty()) return {};
    std::string body =
        R"(<div class="scroll"><table><thead><tr><th scope="col">Address</th><th scope="col">State</th><th scope="col">Why</th><th scope="col" class="number">Reports</th><th scope="col">Newest</th></tr></thead><tbody>)";
    for (const auto& row : summary.removals)
        body += fmt::format(
            R"(<tr><td class="name"><bdi>{}</bdi></td><td><span class="mark {}">{}</span></td><td>{}<small>{}</small></td><td class="number">{}</td><td class="number">{}</td></tr>)",
            html(row.address), row.state == State::suppressed ? "hard" : "soft", name(row.state),
            html(name(row.reason)), html(row.cause), grouped(row.bounces), page_day(row.since));
    body += "</tbody></table></div>";
    if (summary.all_removals > static_cast<std::int64_t>(summary.removals.size()))
        body += fmt::format("<p>And {} more: <code>nixie suppressions list</code> has all that are suppressed.</p>",
                            grouped(summary.all_removals - static_cast<std::int64_t>(summary.removals.size())));
    return section("Recommended for removal", "Addresses that are dead, complained, or bounced after every window.",
                   body);
}

std::string typos(const ReportContext& context) {
    if (context.typos.empty()) return {};
    std::string body =
        R"(<div class="scroll"><table><thead><tr><th scope="col">Bounced</th><th scope="col">Perhaps meant</th></tr></thead><tbody>)";
    for (const auto& hint : context.typos)
        body += fmt::format(R"(<tr><td class="name"><bdi>{}</bdi></td><td class="name"><bdi>{}</bdi></td></tr>)",
                            html(hint.address), html(hint.suggestion));
    return section("Probably mistyped", "A guess from the domain's letters. Ask the person; nothing acts upon it.",
                   body + "</tbody></table></div>");
}

std::string kinds_section(const Summary& summary) {
    if (summary.kinds.empty()) return {};
    std::string body =
        R"(<div class="scroll"><table><thead><tr><th scope="col">Kind</th><th scope="col">What it is</th><th scope="col" class="number">Messages</th><th scope="col" class="number">Before</th></tr></thead><tbody>)";
    for (const auto& row : summary.kinds) {
        const auto kind = find_kind(row.name);
        body += fmt::format(R"(<tr><td>{}</td><td>{}</td><td class="number">{}</td><td class="number">{}</td></tr>)",
                            html(row.name), kind ? html(info(*kind).meaning) : "", grouped(row.bounces.total()),
                            grouped(row.before));
    }
    return section("What the mailbox held", "Messages by kind; a copy of one already read is left out.",
                   body + "</tbody></table></div>");
}

} // namespace

std::string report_page(const Summary& summary, const ReportContext& context) {
    const std::string span = fmt::format("{} to {}", page_day(summary.since), page_day(summary.until));
    std::string out = fmt::format(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width, "
        "initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n<title>Bounces, "
        "{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n",
        span, page_style);
    out += fmt::format("<header><h1>Bounces</h1><p>{} · {} · {} messages read</p></header>", span,
                       html(fmt::format("{}", fmt::join(context.mailboxes, ", "))), grouped(summary.now.messages));
    if (summary.now.messages == 0 && summary.now.bounces.total() == 0)
        out += section("Nothing arrived", "No report arrived in this span.", "");
    out += page_lead(summary, context) + page_tiles(summary, context) + page_rates(summary, context);
    out += days(summary) + page_changes(summary);
    out += group_section("Why, and what to do", "The most frequent reasons.", "Reason", summary.reasons, reason_advice);
    out += group_section("By category", "As the messages are sorted into folders.", "Category", summary.categories,
                         category_meaning);
    out += group_section("By mailing", "As the returned messages name it.", "Mailing", summary.mailings);
    out += group_section("By provider",
                         "Who runs the mailboxes: by the server that answered, else by the address's domain.",
                         "Provider", summary.providers);
    out += group_section("By domain", "Of the recipients.", "Domain", summary.domains);
    out += group_section("By answering host", "The mail server that gave the answer, where the report names it.",
                         "Host", summary.hosts);
    out += removals(summary);
    out += typos(context);
    out += kinds_section(summary);
    out += fmt::format(
        "<footer>Made by nixie at {}. \"Before\" is the span of the same length before this one.</footer>\n</main>\n"
        "</body>\n</html>\n",
        format_time(context.made));
    return out;
}

} // namespace nixie

#include "report/page/overview.hpp"

#include <cstdlib>

#include <fmt/format.h>

#include "report/changes.hpp"
#include "report/figures.hpp"
#include "report/page/chart.hpp"
#include "report/page/html.hpp"
#include "report/page/section.hpp"
#include "report/rate.hpp"

namespace nixie {
namespace {

std::string tile(std::string_view shade, const std::string& figure, std::string_view what, const std::string& more) {
    return fmt::format(R"(<div class="tile {}"><b>{}</b><span>{}</span><span>{}</span></div>)", shade, figure, what,
                       more);
}

/// "12 more than in the span before"
std::string difference(std::int64_t now, std::int64_t before) {
    if (now == before) return "as many as in the span before";
    return fmt::format("{} {} than in the span before", grouped(std::abs(now - before)),
                       now > before ? "more" : "fewer");
}

/// Of the style sheet.
std::string_view level_class(RateLevel level) {
    switch (level) {
        case RateLevel::good:
            return "good";
        case RateLevel::warning:
            return "soft";
        case RateLevel::alarm:
            return "hard";
        case RateLevel::unknown:
            break;
    }
    return "";
}

std::string how_many(const Summary& summary, const ReportContext& context) {
    const SpanTotals& now = summary.now;
    const Tally tally = rated(now);
    if (tally.sent > 0)
        return fmt::format("{} of {} messages bounced: <strong class=\"{}\">{}</strong>, {}.",
                           grouped(now.bounces.total()), grouped(tally.sent),
                           level_class(rate_level(tally, context.sender)), rate_text(tally),
                           level_text(tally, context.sender));
    return fmt::format("{} to {}.", number_of(now.bounces.total(), "bounce"),
                       now.recipients == 1 ? "one address" : grouped(now.recipients) + " addresses");
}

std::string what_moved(const Changes& changes) {
    if (changes.reasons.empty()) return {};
    const Change& most = changes.reasons.front();
    return fmt::format(" What {} most is <code>{}</code>, from {} to {}.", most.now > most.before ? "rose" : "fell",
                       html(most.name), grouped(most.before), grouped(most.now));
}

/// Of a span in which all went the same way.
std::string than_before(const Summary& summary) {
    const Change bounces{"bounces", summary.before.bounces.total(), summary.now.bounces.total()};
    if (trend(bounces) == "same") return " That is as many as in the span before.";
    if (const auto percent = change_percent(bounces))
        return fmt::format(" That is {:.0f} % {} than in the span before.", std::abs(*percent),
                           bounces.now > bounces.before ? "more" : "less");
    return " In the span before there were none.";
}

std::string change_rows(const std::vector<Change>& changes) {
    std::string out;
    for (const auto& change : changes)
        out += fmt::format(
            R"(<tr><td class="name">{}</td><td class="number">{}</td><td class="number">{}</td><td class="number">{}</td></tr>)",
            html(change.name), grouped(change.before), grouped(change.now), change_text(change));
    return out;
}

std::string change_table(std::string_view heading, const std::vector<Change>& changes) {
    if (changes.empty()) return {};
    return fmt::format(
        R"(<div class="scroll"><table><thead><tr><th scope="col">{}</th><th scope="col" class="number">Before</th><th scope="col" class="number">Now</th><th scope="col" class="number">Change</th></tr></thead><tbody>{}</tbody></table></div>)",
        heading, change_rows(changes));
}

std::string mailing_rates(const Summary& summary, const SenderPolicy& policy) {
    if (summary.mailing_rates.empty()) return {};
    double most = rate_scale_end(policy);
    for (const auto& rate : summary.mailing_rates) most = std::max(most, rate_percent(rate.tally));
    std::string out =
        R"(<div class="scroll"><table><thead><tr><th scope="col">Mailing</th><th scope="col" class="number more">Sent</th><th scope="col" class="number more">Bounced</th><th scope="col" class="number">Rate</th><th scope="col" class="bar"><span aria-hidden="true"></span></th><th scope="col" class="more">Level</th></tr></thead><tbody>)";
    for (const auto& [scope, name, tally] : summary.mailing_rates) {
        const auto shade = level_class(rate_level(tally, policy));
        out += fmt::format(
            R"(<tr><td class="name"><bdi>{}</bdi></td><td class="number more">{}</td><td class="number more">{}</td><td class="number">{}</td><td class="bar">{}</td><td class="level more {}">{}</td></tr>)",
            html(name), grouped(tally.sent), grouped(tally.bounced()), rate_text(tally),
            rate_bar(tally, shade, most, policy), shade, level_text(tally, policy));
    }
    return out + "</tbody></table></div>";
}

} // namespace

std::string page_lead(const Summary& summary, const ReportContext& context) {
    if (summary.now.bounces.total() == 0 && summary.now.sent == 0) return {};
    std::string out = how_many(summary, context);
    if (const auto changes = changes_of(summary)) out += than_before(summary) + what_moved(*changes);
    if (summary.all_removals > 0)
        out += fmt::format(" {} should no longer be mailed.",
                           summary.all_removals == 1 ? "One address" : grouped(summary.all_removals) + " addresses");
    return "<p class=\"lead\">" + out + "</p>";
}

std::string page_tiles(const Summary& summary, const ReportContext& context) {
    const TypeCounts &now = summary.now.bounces, &before = summary.before.bounces;
    const auto changed = [&](std::int64_t TypeCounts::*count) {
        return changes_of(summary) ? difference(now.*count, before.*count) : std::string();
    };
    std::string out = R"(<div class="tiles">)";
    const Tally rate = rated(summary.now), rate_before = rated(summary.before);
    if (rate.sent > 0)
        out += tile(level_class(rate_level(rate, context.sender)), rate_text(rate), "bounce rate",
                    rate_before.sent > 0 ? rate_text(rate_before) + " in the span before" : "");
    out += tile("", grouped(now.total()), "bounces",
                changes_of(summary) ? difference(now.total(), before.total()) : std::string());
    out += tile("hard", grouped(now.hard), "hard: dead addresses", changed(&TypeCounts::hard));
    out += tile("soft", grouped(now.soft), "soft: temporary", changed(&TypeCounts::soft));
    out += tile("blocked", grouped(now.blocked), "blocked: you were refused", changed(&TypeCounts::blocked));
    out += tile("", grouped(summary.all_removals), "recommended for removal",
                fmt::format("{} due for another try", grouped(context.due)));
    return out + "</div>";
}

std::string page_rates(const Summary& summary, const ReportContext& context) {
    const SenderPolicy& policy = context.sender;
    const Tally now = rated(summary.now), before = rated(summary.before);
    if (now.sent <= 0 && summary.mailing_rates.empty()) return {};
    std::string body;
    if (now.sent > 0) body += rate_scale(now, before, policy);
    body += mailing_rates(summary, policy);
    const std::string note = fmt::format(
        "What bounced of what was sent, as far as <code>nixie sent</code> was told. Aim for "
        "less than {} %; at {} % providers may refuse all of it.",
        policy.warn, policy.alarm);
    return section("Bounce rate", note, body);
}

std::string page_changes(const Summary& summary) {
    const auto changes = changes_of(summary);
    const std::string before =
        fmt::format("{} to {}", page_day(summary.since - (summary.until - summary.since)), page_day(summary.since));
    if (!changes)
        return section("What changed",
                       fmt::format("Nothing is recorded of {}, so there is nothing to compare with.", before), "");
    return section("What changed", fmt::format("Beside {}, the span of the same length before.", before),
                   "<div class=\"halves\">" + change_table("Figure", changes->figures) +
                       change_table("Reason", changes->reasons) + "</div>");
}

} // namespace nixie

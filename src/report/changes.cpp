#include "report/changes.hpp"

#include <fmt/format.h>

#include "report/figures.hpp"

namespace nixie {

std::optional<Changes> changes_of(const Summary& summary) {
    const SpanTotals &now = summary.now, &before = summary.before;
    if (before.messages == 0 && before.bounces.total() == 0) return std::nullopt;
    Changes out;
    if (now.sent > 0 && before.sent > 0) out.figures.push_back({"sent", before.sent, now.sent});
    out.figures.insert(out.figures.end(), {{"bounces", before.bounces.total(), now.bounces.total()},
                                           {"hard", before.bounces.hard, now.bounces.hard},
                                           {"soft", before.bounces.soft, now.bounces.soft},
                                           {"blocked", before.bounces.blocked, now.bounces.blocked},
                                           {"addresses", before.recipients, now.recipients},
                                           {"complaints", before.complaints, now.complaints},
                                           {"messages", before.messages, now.messages}});
    for (const auto& group : summary.changed_reasons)
        out.reasons.push_back({group.name, group.before, group.bounces.total()});
    return out;
}

std::string_view trend(const Change& change) {
    if (change.now == change.before) return "same";
    if (change.before == 0) return "new";
    if (change.now == 0) return "gone";
    return change.now > change.before ? "rose" : "fell";
}

std::optional<double> change_percent(const Change& change) {
    if (change.before == 0) return std::nullopt;
    return 100.0 * static_cast<double>(change.now - change.before) / static_cast<double>(change.before);
}

std::string change_text(const Change& change) {
    const std::int64_t difference = change.now - change.before;
    const std::string amount = (difference > 0 ? "+" : "") + grouped(difference);
    const std::string_view how = trend(change);
    if (how == "same") return amount;
    if (how == "new" || how == "gone") return fmt::format("{} ({})", amount, how);
    return fmt::format("{} ({:+.0f} %)", amount, *change_percent(change));
}

} // namespace nixie

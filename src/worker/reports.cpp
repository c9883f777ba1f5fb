#include "worker/reports.hpp"

#include <algorithm>

#include "nixie/typo.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {

Result<SpanReport> make_report(Store& store, const Config& config, const ReportQuestion& question, Time now) {
    auto summary = store.summary(question.since, question.until, question.most, question.mailbox);
    if (!summary) return summary.error();
    const auto due = store.due(Store::Include::due, retry_policies(config), now);
    if (!due) return due.error();
    SpanReport report{std::move(summary).value(), {}};
    ReportContext& context = report.context;
    const auto is_asked_for = [&](const std::string& mailbox) {
        return question.mailbox.empty() || question.mailbox == mailbox;
    };
    for (const auto& mailbox : config.mailboxes)
        if (is_asked_for(mailbox.name)) context.mailboxes.push_back(mailbox.name);
    for (const auto& row : report.summary.removals)
        if (auto suggestion = suggest_address(row.address, row.reason); !suggestion.empty())
            context.typos.push_back({row.address, std::move(suggestion)});
    context.due = std::count_if(due->begin(), due->end(), [&](const auto& one) { return is_asked_for(one.mailbox); });
    context.sender = config.retry.sender;
    context.made = now;
    return report;
}

} // namespace nixie

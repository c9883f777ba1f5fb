#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/since.hpp"
#include "cli/terminal.hpp"
#include "cli/with_journal.hpp"
#include "nixie/typo.hpp"
#include "report/output_file.hpp"
#include "report/summary.hpp"

namespace nixie {
namespace {

struct ReportOptions {
    std::string config_file;
    std::string since = "7d";
    std::string html;
    std::size_t most = 15;
    bool json = false;
};

ReportContext context_of(const Summary& summary, const Config& config, std::int64_t due, Time now) {
    ReportContext context;
    for (const auto& mailbox : config.mailboxes) context.mailboxes.push_back(mailbox.name);
    for (const auto& row : summary.removals)
        if (auto suggestion = suggest_address(row.address, row.reason); !suggestion.empty())
            context.typos.push_back({row.address, std::move(suggestion)});
    context.due = due;
    context.made = now;
    return context;
}

int report(const ReportOptions& options) {
    const Time now = SystemClock().now();
    const auto since = read_since(options.since, now);
    if (!since) return fail(since.error());
    if (*since >= now)
        return fail({ErrorCode::usage, fmt::format("`{}` has not begun yet", options.since), "--since",
                     "name a time in the past"});
    return with_journal(options.config_file, StoreAccess::read, [&](const Config& config, Store& store) {
        const auto summary = store.summary(*since, now, options.most);
        if (!summary) return fail(summary.error());
        const auto due = store.due(Store::Include::due, config.retry, now);
        if (!due) return fail(due.error());
        const ReportContext context = context_of(*summary, config, static_cast<std::int64_t>(due->size()), now);
        if (!options.html.empty()) {
            const auto written = replace_file(options.html, report_page(*summary, context), Readers::as_usual);
            return written ? EX_OK : fail(written.error());
        }
        fmt::print(
            "{}", options.json ? summary_json(*summary, context) : summary_text(*summary, context, terminal_columns()));
        return EX_OK;
    });
}

} // namespace

void add_report(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<ReportOptions>();
    auto* command = app.add_subcommand("report", "What bounced in a span of time, why, and what to do about it");
    add_config_option(*command, options->config_file);
    command->add_option("--since", options->since, since_help)->capture_default_str();
    command->add_option("--most", options->most, "Rows of each table")
        ->capture_default_str()
        ->check(CLI::Range(1, 10000));
    auto* html = command->add_option("--html", options->html, "Write it as a page of HTML that needs nothing else")
                     ->option_text("FILE");
    command->add_flag("--json", options->json, "One JSON object")->excludes(html);
    command->callback([options, &chosen] { chosen = [options] { return report(*options); }; });
}

} // namespace nixie

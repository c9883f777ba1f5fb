#include <sysexits.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/since.hpp"
#include "cli/terminal.hpp"
#include "cli/with_journal.hpp"
#include "report/output_file.hpp"
#include "report/summary.hpp"
#include "worker/digest.hpp"
#include "worker/mailboxes.hpp"
#include "worker/reports.hpp"

namespace nixie {
namespace {

struct ReportOptions {
    std::string config_file;
    std::string since = "7d";
    std::string html;
    std::string mailbox;
    std::size_t most = 15;
    bool json = false;
    bool mail = false;
};

bool is_configured(const Config& config, const std::string& mailbox) {
    return std::any_of(config.mailboxes.begin(), config.mailboxes.end(),
                       [&](const auto& known) { return known.name == mailbox; });
}

Result<void> mail_to(const MailboxConfig& mailbox, Store& store, const Config& config, Time since, Time now) {
    auto opened = make_mailbox(mailbox);
    if (!opened) return opened.error();
    if (auto connected = (*opened)->open(Access::change); !connected) return connected;
    if (auto put = put_report(**opened, store, config, mailbox, since, now, now); !put) return put;
    return (*opened)->close();
}

/// Into the mailboxes, and to who wants digests.
int mail_report(const ReportOptions& options, Store& store, const Config& config, Time since, Time now) {
    int code = EX_OK;
    for (const auto& mailbox : config.mailboxes) {
        if (!options.mailbox.empty() && mailbox.name != options.mailbox) continue;
        if (const auto done = mail_to(mailbox, store, config, since, now); !done)
            code = fail_about(mailbox.name, {}, done.error());
        else
            fmt::print("{}: put into {}\n", mailbox.name, fmt::join(mailbox.folders.path(config.digest.folder), "/"));
    }
    if (!options.mailbox.empty() || !wants_digest(config)) return code;
    const auto told = tell_report(store, config, since, now, Period::goes_on, now);
    if (!told) return fail(told.error());
    fmt::print("events: queued; `nixie run` tells it\n");
    return code;
}

int report(const ReportOptions& options) {
    const Time now = SystemClock().now();
    const auto since = read_since(options.since, now);
    if (!since) return fail(since.error());
    if (*since >= now)
        return fail({ErrorCode::usage, fmt::format("`{}` has not begun yet", options.since), "--since",
                     "name a time in the past"});
    const StoreAccess access = options.mail ? StoreAccess::amend : StoreAccess::read;
    return with_journal(options.config_file, access, [&](const Config& config, Store& store) {
        if (!options.mailbox.empty() && !is_configured(config, options.mailbox))
            return fail({ErrorCode::usage, "no mailbox is called " + options.mailbox, "--mailbox",
                         "use the `name` of a [[mailbox]]"});
        if (options.mail) return mail_report(options, store, config, *since, now);
        const auto report = make_report(
            store, config, {.since = *since, .until = now, .most = options.most, .mailbox = options.mailbox}, now);
        if (!report) return fail(report.error());
        const auto& [summary, context] = *report;
        if (!options.html.empty()) {
            const auto written = replace_file(options.html, report_page(summary, context), Readers::as_usual);
            return written ? EX_OK : fail(written.error());
        }
        fmt::print("{}",
                   options.json ? summary_json(summary, context) : summary_text(summary, context, terminal_columns()));
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
    auto* json = command->add_flag("--json", options->json, "One JSON object")->excludes(html);
    command->add_option("--mailbox", options->mailbox, "Only what came to that one")->option_text("NAME");
    command
        ->add_flag("--mail", options->mail,
                   "Put it into the folder of reports of each mailbox, and tell it to who wants the event digest")
        ->excludes(html)
        ->excludes(json);
    command->footer("[digest] in the configuration lets it come by itself.");
    on_chosen(*command, chosen, options, report);
}

} // namespace nixie

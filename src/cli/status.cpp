#include <fmt/format.h>

#include <sysexits.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/terminal.hpp"
#include "cli/with_journal.hpp"
#include "report/status.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_quarantined = 20;

struct StatusOptions {
    std::string config_file;
    std::string stale = "1h";
    bool json = false;
};

int show_status(const StatusOptions& options) {
    const auto stale = parse_duration(options.stale);
    if (!stale)
        return fail({ErrorCode::usage, "--stale is no length of time", {}, "write it as 90s, 5m, 1h, 1d or 1w"});
    return with_journal(options.config_file, StoreAccess::read, [&](const Config& config, Store& store) {
        StatusQuestion question;
        question.stale = *stale;
        question.now = SystemClock().now();
        for (const auto& mailbox : config.mailboxes) question.mailboxes.push_back({mailbox.name, mailbox.poll});
        const auto status = store.status(retry_policies(config), question.now, most_quarantined);
        if (!status) return fail(status.error());
        fmt::print("{}",
                   options.json ? status_json(*status, question) : status_text(*status, question, output_colours()));
        return static_cast<int>(assess(*status, question).health);
    });
}

} // namespace

void add_status(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<StatusOptions>();
    auto* command = app.add_subcommand("status", "Tell how the mailboxes fare, what waits and what is in quarantine");
    add_config_option(*command, options->config_file);
    command->add_option("--stale", options->stale, "Longer than this without a whole pass is too long")
        ->capture_default_str();
    command->add_flag("--json", options->json, "One JSON object");
    command->footer(
        "Ends with 0 where all is well, 1 for a warning, 2 for what is critical, as monitors expect, and with a code "
        "of\n"
        "sysexits.h where it cannot tell. It reads the journal only, also while nixie runs.");
    on_chosen(*command, chosen, options, show_status);
}

} // namespace nixie

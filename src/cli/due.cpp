#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/with_journal.hpp"
#include "report/due.hpp"
#include "report/figures.hpp"
#include "report/retry_clock.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

struct DueOptions {
    std::string config_file;
    bool json = false;
    bool waiting = false;
    bool ack = false;
    bool states = false;
};

Result<std::vector<DueRecipient>> find_due(const DueOptions& options, const Config& config, Store& store, Time now) {
    if (options.ack) return store.take_due(retry_policies(config), now);
    return store.due(options.waiting ? Store::Include::waiting : Store::Include::due, retry_policies(config), now);
}

int show_due(const DueOptions& options) {
    if (options.states) {
        fmt::print("{}", retry_clock_diagram());
        return EX_OK;
    }
    const auto access = options.ack ? StoreAccess::amend : StoreAccess::read;
    return with_journal(options.config_file, access, [&](const Config& config, Store& store) {
        const Time now = SystemClock().now();
        const auto rows = find_due(options, config, store, now);
        if (!rows) return fail(rows.error());
        if (options.json)
            fmt::print("{}", due_json(*rows));
        else if (rows->empty())
            fmt::print("No recipient is {} at {}.\n", options.waiting ? "due or waiting" : "due for another try",
                       zoned_time(now));
        else
            fmt::print("{}", due_table(*rows));
        return EX_OK;
    });
}

} // namespace

void add_due(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<DueOptions>();
    auto* command = app.add_subcommand("due", "List the recipients whose next try is due");
    add_config_option(*command, options->config_file);
    auto* waiting = command->add_flag("--waiting", options->waiting, "Also those whose time has not come yet");
    command->add_flag("--json", options->json, "One line of JSON a recipient");
    command->add_flag("--ack", options->ack, "Mark what is listed as tried again: it is listed once")
        ->excludes(waiting);
    command->add_flag("--states", options->states,
                      "Print the states of a recipient and what leads from one to another, as a Mermaid diagram");
    on_chosen(*command, chosen, options, show_due);
}

} // namespace nixie

#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "report/due.hpp"

namespace nixie {
namespace {

struct DueOptions {
    std::string config_file;
    bool json = false;
    bool waiting = false;
};

int show_due(const DueOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    auto store = Store::open(config->state, StoreAccess::read);
    if (!store) return fail(store.error());
    const Time now = SystemClock().now();
    const auto include = options.waiting ? Store::Include::waiting : Store::Include::due;
    const auto rows = store->due(include, config->retry, now);
    if (!rows) return fail(rows.error());
    if (options.json) {
        fmt::print("{}", due_json(*rows, config->retry));
    } else if (rows->empty()) {
        fmt::print("No recipient is {} at {}.\n", options.waiting ? "due or waiting" : "due for another try",
                   format_time(now));
    } else {
        fmt::print("{}", due_table(*rows, config->retry));
    }
    return EX_OK;
}

} // namespace

void add_due(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<DueOptions>();
    auto* command = app.add_subcommand("due", "List the recipients whose next try is due");
    add_config_option(*command, options->config_file);
    command->add_flag("--waiting", options->waiting, "Also those whose time has not come yet");
    command->add_flag("--json", options->json, "One line of JSON a recipient");
    command->callback([options, &chosen] { chosen = [options] { return show_due(*options); }; });
}

} // namespace nixie

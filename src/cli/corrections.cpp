#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/since.hpp"
#include "cli/with_journal.hpp"
#include "report/corrections.hpp"

namespace nixie {
namespace {

struct CorrectionsOptions {
    std::string config_file;
    std::string since;
    bool json = false;
};

int show_corrections(const CorrectionsOptions& options) {
    const auto since = read_since(options.since, SystemClock().now());
    if (!since) return fail(since.error());
    return with_journal(options.config_file, StoreAccess::read, [&](const Config&, Store& store) {
        const auto rows = store.corrections(*since);
        if (!rows) return fail(rows.error());
        if (options.json)
            fmt::print("{}", corrections_json(*rows));
        else if (rows->empty())
            fmt::print("Nobody has moved a message to another folder{}.\n", options.since.empty() ? "" : " since then");
        else
            fmt::print("{}", corrections_table(*rows));
        return EX_OK;
    });
}

} // namespace

void add_corrections(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<CorrectionsOptions>();
    auto* command = app.add_subcommand("corrections",
                                       "List the messages that people moved to another folder, and whom that concerns");
    add_config_option(*command, options->config_file);
    command->add_option("--since", options->since, since_help);
    command->add_flag("--json", options->json, "One line of JSON a correction");
    command->footer(
        "A message moved from one folder of nixie's to another has that folder's verdict from the next pass on.\n"
        "Move it back, and it has the rules' again.");
    on_chosen(*command, chosen, options, show_corrections);
}

} // namespace nixie

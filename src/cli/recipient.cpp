#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "report/recipient.hpp"

namespace nixie {
namespace {

struct RecipientOptions {
    std::string config_file;
    std::string address;
    bool json = false;
};

int show_recipient(const RecipientOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    auto store = Store::open(config->state, StoreAccess::read);
    if (!store) return fail(store.error());
    const auto recipient = store->recipient(options.address);
    if (!recipient) return fail(recipient.error());
    if (!*recipient) {
        fmt::print(stderr, "No report about {} has been recorded.\n", printable(options.address));
        return EX_NOUSER;
    }
    const Time now = SystemClock().now();
    fmt::print("{}", options.json ? recipient_json(**recipient, config->retry, now)
                                  : recipient_text(**recipient, config->retry, now));
    return EX_OK;
}

} // namespace

void add_recipient(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<RecipientOptions>();
    auto* command =
        app.add_subcommand("recipient", "Show where a recipient stands, every report about it and each decision");
    command->add_option("address", options->address, "The recipient's address")->required();
    add_config_option(*command, options->config_file);
    command->add_flag("--json", options->json, "One line of JSON");
    command->callback([options, &chosen] { chosen = [options] { return show_recipient(*options); }; });
}

} // namespace nixie

#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/terminal.hpp"
#include "cli/with_journal.hpp"
#include "report/figures.hpp"
#include "report/sender.hpp"
#include "worker/passing_time.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

struct HeldOptions {
    std::string config_file;
    HeldChoice choice;
    bool json = false;
};

int list_held(const HeldOptions& options) {
    return with_journal(options.config_file, StoreAccess::read, [&](const Config&, Store& store) {
        const auto troubles = store.troubles();
        if (!troubles) return fail(troubles.error());
        if (!options.json) fmt::print("{}", troubles_text(*troubles));
        Table table = held_table();
        const auto listed = store.held([&](const HeldVerdict& verdict) {
            if (options.json)
                fmt::print("{}", held_json(verdict));
            else
                add_row(table, verdict);
        });
        if (!listed) return fail(listed.error());
        if (options.json) return EX_OK;
        fmt::print("{}", table.empty() ? "No verdict is held.\n" : table.text(terminal_columns()));
        return EX_OK;
    });
}

int settle_held(const HeldOptions& options, HeldFate fate) {
    return with_journal(options.config_file, StoreAccess::amend, [&](const Config& config, Store& store) {
        const auto done =
            store.settle_held(fate, options.choice, retry_policies(config), SystemClock().now(), events_wanted(config));
        if (!done) return fail(done.error());
        fmt::print("{} {}\n", number_of(*done, "verdict"), fate == HeldFate::release ? "released" : "dropped");
        return EX_OK;
    });
}

} // namespace

void add_held(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<HeldOptions>();
    auto* command =
        app.add_subcommand("held", "Verdicts held while the sender seemed to be in trouble: list, release, drop");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* meaning, auto work) {
        auto* one = command->add_subcommand(name, meaning);
        add_config_option(*one, options->config_file);
        on_chosen(*one, chosen, options, work);
        return one;
    };
    add("list", "List what is wrong and which verdicts wait", list_held)
        ->add_flag("--json", options->json, "One line of JSON a verdict");
    auto* release = add("release", "Carry the verdicts out: the recipients are at fault after all",
                        [](const HeldOptions& given) { return settle_held(given, HeldFate::release); });
    auto* drop = add("drop", "Forget the verdicts: the sender was at fault",
                     [](const HeldOptions& given) { return settle_held(given, HeldFate::drop); });
    for (auto* one : {release, drop}) {
        one->add_option("--trouble", options->choice.trouble, "Only those of this trouble, by its number");
        one->add_option("address", options->choice.address, "Only those about this address");
    }
}

} // namespace nixie

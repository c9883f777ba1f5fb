#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/with_journal.hpp"
#include "report/outbox.hpp"

namespace nixie {
namespace {

/// Nobody reads more than that; the count is in `nixie status`.
constexpr std::size_t most_listed = 10'000;

struct OutboxOptions {
    std::string config_file;
    std::vector<std::int64_t> ids;
    bool all = false, dead = false, json = false;
};

int list_outbox(const OutboxOptions& options) {
    return with_journal(options.config_file, StoreAccess::read, [&](const Config&, Store& store) {
        const auto rows = store.undelivered(options.dead ? Store::Which::dead : Store::Which::all, most_listed);
        if (!rows) return fail(rows.error());
        if (options.json)
            fmt::print("{}", outbox_json(*rows));
        else if (rows->empty())
            fmt::print("{}\n", options.dead ? "There are no dead letters." : "All events have been told.");
        else
            fmt::print("{}", outbox_table(*rows));
        return EX_OK;
    });
}

enum class OutboxChange { replay, drop };

int change_outbox(const OutboxOptions& options, OutboxChange change) {
    if (change == OutboxChange::replay && options.all != options.ids.empty()) {
        fmt::print(stderr, "nixie: which ones? Name ids of `nixie outbox list`, or --all for all dead letters.\n");
        return EX_USAGE;
    }
    return with_journal(options.config_file, StoreAccess::amend, [&](const Config&, Store& store) {
        const Time now = SystemClock().now();
        const auto done =
            change == OutboxChange::replay ? store.replay(options.ids, now) : store.drop(options.ids, now);
        if (!done) return fail(done.error());
        fmt::print("{} {}.\n", *done,
                   change == OutboxChange::replay ? "to be told again, within a minute or at the next run" : "dropped");
        if (static_cast<std::size_t>(*done) >= options.ids.size()) return EX_OK;
        fmt::print(stderr, "nixie: the others are not in the outbox, or were told already\n");
        return EX_NOINPUT;
    });
}

} // namespace

void add_outbox(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<OutboxOptions>();
    auto* outbox = app.add_subcommand("outbox", "Show, tell again or drop events that were not taken");
    outbox->require_subcommand(1);
    auto* list = outbox->add_subcommand("list", "List the events that are still to be told, each way for itself");
    add_config_option(*list, options->config_file);
    list->add_flag("--dead", options->dead, "Only those that were given up");
    list->add_flag("--json", options->json, "One line of JSON each");
    on_chosen(*list, chosen, options, list_outbox);
    auto* replay = outbox->add_subcommand("replay", "Tell events again that were given up, or wait");
    replay->add_option("id", options->ids, "From `nixie outbox list`");
    replay->add_flag("--all", options->all, "All that were given up");
    add_config_option(*replay, options->config_file);
    on_chosen(*replay, chosen, options,
              [](const OutboxOptions& given) { return change_outbox(given, OutboxChange::replay); });
    auto* drop = outbox->add_subcommand("drop", "Never tell these events");
    drop->add_option("id", options->ids, "From `nixie outbox list`")->required();
    add_config_option(*drop, options->config_file);
    on_chosen(*drop, chosen, options,
              [](const OutboxOptions& given) { return change_outbox(given, OutboxChange::drop); });
}

} // namespace nixie

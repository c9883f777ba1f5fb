#include <sysexits.h>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "cli/address_list.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/with_journal.hpp"
#include "report/figures.hpp"
#include "worker/passing_time.hpp"

namespace nixie {
namespace {

/// Taken in with one transaction.
constexpr std::size_t successes_at_once = 5000;

struct DeliveredOptions {
    std::string config_file;
    std::string from;
    bool json = false;
};

int take_deliveries(const DeliveredOptions& options) {
    return with_journal(options.config_file, StoreAccess::write, [&](const Config& config, Store& store) {
        const Time now = SystemClock().now();
        SuccessSummary total;
        std::vector<Success> some;
        Result<void> recorded;
        const auto take = [&] {
            const auto summary = store.succeeded(some, config.retry, now, events_wanted(config));
            some.clear();
            if (!summary) {
                recorded = summary.error();
                return;
            }
            total.known += summary->known;
            total.cleared += summary->cleared;
        };
        const auto read = read_address_list(options.from, now, [&](ListedAddress&& listed) {
            if (!recorded) return;
            some.push_back({std::move(listed.address), listed.at.value_or(now)});
            if (some.size() >= successes_at_once) take();
        });
        if (recorded && !some.empty()) take();
        if (!recorded) return fail(recorded.error());
        if (!read) return fail(read.error());
        if (options.json)
            fmt::print("{}\n", nlohmann::ordered_json{{"lines", read->lines},
                                                      {"deliveries", read->addresses},
                                                      {"known", total.known},
                                                      {"cleared", total.cleared}}
                                   .dump());
        else
            fmt::print("{} lines, {} deliveries, {} to addresses in the journal, {} addresses cleared\n",
                       grouped(read->lines), grouped(read->addresses), grouped(total.known), grouped(total.cleared));
        return EX_OK;
    });
}

} // namespace

void add_delivered(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<DeliveredOptions>();
    auto* command =
        app.add_subcommand("delivered", "Take in addresses that mail was delivered to: they are clear again");
    command->add_option("--from", options->from, "One address a line, or a log of Postfix or Exim; - is standard input")
        ->required();
    add_config_option(*command, options->config_file);
    command->add_flag("--json", options->json, "One line of JSON");
    command->footer(
        "A delivery older than an address's newest bounce changes nothing, and addresses that are not in the\n"
        "journal are passed over. What a complaint or a person suppressed stays suppressed.");
    on_chosen(*command, chosen, options, take_deliveries);
}

} // namespace nixie

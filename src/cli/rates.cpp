#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/terminal.hpp"
#include "cli/with_journal.hpp"
#include "report/sender.hpp"

namespace nixie {
namespace {

struct RatesOptions {
    std::string config_file;
    std::string by = "all";
    std::string since = "30d";
    bool json = false;
};

int show_rates(const RatesOptions& options) {
    const auto span = parse_duration(options.since);
    if (!span) return fail({ErrorCode::usage, "--since is no length of time", {}, "write it as 90s, 5m, 1h, 1d or 1w"});
    return with_journal(options.config_file, StoreAccess::read, [&](const Config& config, Store& store) {
        std::vector<Rate> all;
        for (const auto& [word, scope] :
             {std::pair{"mailing", RateScope::mailing}, std::pair{"provider", RateScope::provider},
              std::pair{"domain", RateScope::domain}}) {
            if (options.by != word && options.by != "all") continue;
            auto some = store.rates(scope, SystemClock().now() - *span);
            if (!some) return fail(some.error());
            all.insert(all.end(), some->begin(), some->end());
        }
        if (options.json)
            fmt::print("{}", rates_json(all, config.retry.sender));
        else
            fmt::print("{}", all.empty() ? "No mailing was told of by `nixie sent`, and nothing bounced lately.\n"
                                         : rates_table(all, config.retry.sender, terminal_columns()));
        return EX_OK;
    });
}

} // namespace

void add_rates(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<RatesOptions>();
    auto* command = app.add_subcommand("rates", "Show the bounce rates of mailings, providers and domains");
    add_config_option(*command, options->config_file);
    command->add_option("--by", options->by, "mailing, provider, domain or all")
        ->check(CLI::IsMember({"mailing", "provider", "domain", "all"}))
        ->capture_default_str();
    command->add_option("--since", options->since, "What bounced within that time; of mailings, those that began in it")
        ->capture_default_str();
    command->add_flag("--json", options->json, "One line of JSON each");
    command->footer("What was sent is told by `nixie sent`; without it there are counts, but no rates.");
    on_chosen(*command, chosen, options, show_rates);
}

} // namespace nixie

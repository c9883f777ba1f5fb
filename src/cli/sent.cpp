#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/address_list.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/with_journal.hpp"
#include "report/figures.hpp"
#include "worker/passing_time.hpp"

namespace nixie {
namespace {

struct SentOptions {
    std::string config_file;
    std::string campaign, from;
    std::int64_t count = 0;
};

int tell_sent(const SentOptions& options) {
    if (options.from.empty() && options.count == 0)
        return fail({ErrorCode::usage, "how much was sent?", {}, "give --count, or a list or log with --from"});
    const Time now = SystemClock().now();
    SentCounts counts;
    counts.messages = options.count;
    if (!options.from.empty()) {
        const auto read = read_address_list(options.from, now, [&](ListedAddress&& listed) {
            ++counts.messages;
            ++counts.by_domain[to_lower(listed.address.substr(listed.address.rfind('@') + 1))];
        });
        if (!read) return fail(read.error());
    }
    return with_journal(options.config_file, StoreAccess::write, [&](const Config& config, Store& store) {
        const auto total = store.sent(options.campaign, counts, config.retry, now, events_wanted(config));
        if (!total) return fail(total.error());
        fmt::print("{} added", number_of(counts.messages, "message"));
        if (!options.campaign.empty()) fmt::print("; {} sent of {}", grouped(*total), printable(options.campaign));
        fmt::print("\n");
        return EX_OK;
    });
}

} // namespace

void add_sent(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<SentOptions>();
    auto* command = app.add_subcommand("sent", "Tell how much was sent, for the bounce rates");
    add_config_option(*command, options->config_file);
    auto* campaign = command->add_option("--campaign", options->campaign, "The mailing, as its messages call it");
    auto* count = command->add_option("--count", options->count, "So many messages more")->check(CLI::PositiveNumber);
    auto* from = command->add_option("--from", options->from,
                                     "A file with the addresses it went to, one a line, or a mail server's log; - is "
                                     "standard input. Counts domains and providers too");
    count->needs(campaign)->excludes(from);
    command->footer("It adds to what was told before, and says what that comes to.");
    on_chosen(*command, chosen, options, tell_sent);
}

} // namespace nixie

#include <sysexits.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/address_list.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/terminal.hpp"
#include "cli/with_journal.hpp"
#include "report/suppressions.hpp"
#include "worker/passing_time.hpp"

namespace nixie {
namespace {

struct SuppressionsOptions {
    std::string config_file;
    std::vector<std::string> addresses;
    std::string from, cause;
    std::string format = "csv";
    bool json = false;
};

int list_suppressions(const SuppressionsOptions& options) {
    return with_journal(options.config_file, StoreAccess::read, [&](const Config&, Store& store) {
        Table table = suppressions_table();
        const auto listed = store.suppressions([&](const Suppression& one) {
            if (options.json)
                fmt::print("{}", suppression_json(one));
            else
                add_row(table, one);
        });
        if (!listed) return fail(listed.error());
        if (options.json) return EX_OK;
        fmt::print("{}", table.empty() ? "No address is suppressed.\n" : table.text(terminal_columns()));
        return EX_OK;
    });
}

int export_suppressions(const SuppressionsOptions& options) {
    return with_journal(options.config_file, StoreAccess::read, [&](const Config& config, Store& store) {
        if (config.privacy.hashed && options.format == "postfix")
            return fail({ErrorCode::config, "the journal holds hashes only, which no mail server can look up",
                         config.state, "export csv or json and compare hashes, or keep plain addresses"});
        std::size_t left_out = 0;
        if (options.format == "csv") fmt::print("{}", suppression_csv_heading);
        const auto listed = store.suppressions([&](const Suppression& one) {
            if (options.format == "csv") {
                fmt::print("{}", suppression_csv(one));
            } else if (options.format == "json") {
                fmt::print("{}", suppression_json(one));
            } else if (const auto line = suppression_postfix(one)) {
                fmt::print("{}", *line);
            } else {
                ++left_out;
            }
        });
        if (!listed) return fail(listed.error());
        if (left_out > 0)
            fmt::print(stderr, "nixie: {} addresses that a Postfix map cannot hold were left out\n", left_out);
        return EX_OK;
    });
}

/// Those on the command line, then those of the file.
Result<std::vector<std::string>> named_addresses(const SuppressionsOptions& options) {
    std::vector<std::string> out;
    for (const auto& address : options.addresses) {
        if (!is_address(address))
            return Error{
                ErrorCode::usage, fmt::format("`{}` is no address", printable(address)), {}, "write local@domain"};
        out.push_back(address);
    }
    if (options.from.empty()) return out;
    const auto read = read_address_list(options.from, SystemClock().now(),
                                        [&](ListedAddress&& listed) { out.push_back(std::move(listed.address)); });
    if (!read) return read.error();
    if (read->addresses < read->lines)
        return Error{ErrorCode::input, fmt::format("{} lines are no addresses", read->lines - read->addresses),
                     options.from, "nothing was changed: mend them, or begin them with #"};
    return out;
}

int change_suppressions(const SuppressionsOptions& options, Order order) {
    const auto addresses = named_addresses(options);
    if (!addresses) return fail(addresses.error());
    if (addresses->empty()) return fail({ErrorCode::usage, "which addresses?", {}, "name them, or a file with --from"});
    return with_journal(options.config_file, StoreAccess::write, [&](const Config& config, Store& store) {
        const auto done =
            store.carry_out(order, *addresses, options.cause, config.retry, SystemClock().now(), events_wanted(config));
        if (!done) return fail(done.error());
        const std::size_t changed = static_cast<std::size_t>(std::count(done->begin(), done->end(), true));
        fmt::print("{} of {} addresses {}\n", changed, done->size(),
                   order == Order::suppress ? "suppressed" : "are no longer suppressed");
        return changed == 0 ? EX_NOUSER : EX_OK;
    });
}

void add_names(CLI::App& command, SuppressionsOptions& options) {
    command.add_option("address", options.addresses, "Addresses");
    command.add_option("--from", options.from, "A file with one address a line; - is standard input");
    command.add_option("--cause", options.cause, "Why; kept with each address");
}

} // namespace

void add_suppressions(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<SuppressionsOptions>();
    auto* command = app.add_subcommand("suppressions", "The addresses not to mail: list, add, remove, export");
    command->require_subcommand(1);
    const auto add = [&](const char* name, const char* meaning, auto work) {
        auto* one = command->add_subcommand(name, meaning);
        add_config_option(*one, options->config_file);
        on_chosen(*one, chosen, options, work);
        return one;
    };
    add("list", "List them with ground and cause", list_suppressions)
        ->add_flag("--json", options->json, "One line of JSON each");
    add_names(*add("add", "Suppress addresses until they are removed, whatever reports say",
                   [](const SuppressionsOptions& given) { return change_suppressions(given, Order::suppress); }),
              *options);
    add_names(*add("remove", "End what suppresses addresses; older reports count no more",
                   [](const SuppressionsOptions& given) { return change_suppressions(given, Order::clear); }),
              *options);
    auto* out = add("export", "Write all of them", export_suppressions);
    out->add_option("--format", options->format, "csv, json, or postfix: an access(5) map for check_recipient_access")
        ->check(CLI::IsMember({"csv", "json", "postfix"}))
        ->capture_default_str();
    out->footer(
        "For Postfix:\n"
        "  nixie suppressions export --format postfix > /etc/postfix/suppressed && postmap /etc/postfix/suppressed\n"
        "  smtpd_recipient_restrictions = check_recipient_access hash:/etc/postfix/suppressed, …");
}

} // namespace nixie

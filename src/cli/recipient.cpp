#include <sysexits.h>

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/with_journal.hpp"
#include "report/recipient.hpp"
#include "worker/passing_time.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

struct RecipientOptions {
    std::string config_file;
    std::string address;
    std::string cause, reason, type;
    bool is_void = false;
    bool json = false;
};

int nothing_known(const std::string& address) {
    fmt::print(stderr, "No report about {} has been recorded.\n", printable(address));
    return EX_NOUSER;
}

int show_recipient(const RecipientOptions& options) {
    return with_journal(options.config_file, StoreAccess::read, [&](const Config& config, Store& store) {
        const auto recipient = store.recipient(options.address);
        if (!recipient) return fail(recipient.error());
        if (!*recipient) return nothing_known(options.address);
        const Time now = SystemClock().now();
        fmt::print("{}", options.json ? recipient_json(**recipient, config.retry, now)
                                      : recipient_text(**recipient, config.retry, now));
        return EX_OK;
    });
}

int clear_recipient(const RecipientOptions& options) {
    return with_journal(options.config_file, StoreAccess::amend, [&](const Config& config, Store& store) {
        const std::vector<std::string> addresses{options.address};
        const auto done = store.carry_out(Order::clear, addresses, options.cause, config.retry, SystemClock().now(),
                                          events_wanted(config));
        if (!done) return fail(done.error());
        if (!done->front()) return nothing_known(options.address);
        fmt::print("{}: clear; reports from before now count no more\n", printable(options.address));
        return EX_OK;
    });
}

int correct_recipient(const RecipientOptions& options) {
    CorrectVerdict verdict;
    verdict.is_void = options.is_void;
    if (!options.reason.empty()) verdict.reason = find_reason(options.reason);
    if (!options.type.empty()) verdict.type = find_bounce_type(options.type);
    if (!options.reason.empty() && !verdict.reason)
        return fail({ErrorCode::usage,
                     fmt::format("`{}` is no reason", printable(options.reason)),
                     {},
                     "the README lists them"});
    if (!verdict.reason && !verdict.type && !verdict.is_void)
        return fail({ErrorCode::usage, "correct what?", {}, "give --reason, --type or --void"});
    return with_journal(options.config_file, StoreAccess::amend, [&](const Config& config, Store& store) {
        const auto done =
            store.correct(options.address, verdict, retry_policies(config), SystemClock().now(), events_wanted(config));
        if (!done) return fail(done.error());
        if (!*done) return nothing_known(options.address);
        fmt::print("{}: {}\n", printable(options.address), name(**done));
        return EX_OK;
    });
}

int forget_recipient(const RecipientOptions& options) {
    return with_journal(options.config_file, StoreAccess::amend, [&](const Config&, Store& store) {
        const auto done = store.forget(options.address);
        if (!done) return fail(done.error());
        if (!*done) return nothing_known(options.address);
        fmt::print("{}: forgotten, with {} reports\n", printable(options.address), (*done)->reports);
        if ((*done)->was == State::suppressed)
            fmt::print("It was suppressed. Nothing remembers that now: take it off your mailing lists.\n");
        fmt::print("The messages themselves are still in the mailbox, and backups hold what they held.\n");
        return EX_OK;
    });
}

} // namespace

void add_recipient(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<RecipientOptions>();
    auto* command =
        app.add_subcommand("recipient", "Show where a recipient stands, every report about it and each decision");
    command->add_option("address", options->address, "The recipient's address")->required();
    add_config_option(*command, options->config_file);
    command->add_flag("--json", options->json, "One line of JSON");
    command->callback([options, &chosen, command] {
        if (command->get_subcommands().empty()) chosen = [options] { return show_recipient(*options); };
    });
    command->require_subcommand(0, 1);
    const auto add = [&](const char* name, const char* meaning, auto work) {
        auto* one = command->add_subcommand(name, meaning)->fallthrough();
        on_chosen(*one, chosen, options, work);
        return one;
    };
    add("clear", "Hold nothing against the address any more: no suppression, no waiting, no older report",
        clear_recipient)
        ->add_option("--cause", options->cause, "Why; kept in the address's history");
    auto* correct =
        add("correct", "Correct the verdict on the newest report about the address, and all that followed from it",
            correct_recipient);
    correct->add_option("--reason", options->reason, "The right reason, with its usual category and type");
    correct->add_option("--type", options->type, "hard, soft or blocked")
        ->check(CLI::IsMember({"hard", "soft", "blocked"}));
    correct->add_flag("--void", options->is_void, "The report says nothing about this address");
    add("forget", "Erase all that is recorded of the address, for good", forget_recipient);
}

} // namespace nixie

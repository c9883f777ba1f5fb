#include <sysexits.h>

#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "nixie/judge.hpp"

namespace nixie {
namespace {

int check(const std::string& file) {
    const auto config = load_config_or_complain(file);
    if (!config) return EX_CONFIG;
    Result<Judge> judge = Judge::built_in();
    if (!config->rules_directory.empty()) judge = Judge::with_own(config->rules_directory);
    if (!judge) return fail(judge.error());
    std::vector<std::string> windows;
    for (const auto window : config->retry.windows) windows.push_back(format_duration(window));
    fmt::print(
        "{}: good\njournal {}\nfolders below {}\nretry after {}\n", file, config->state, config->folders.root,
        windows.empty() ? "nothing: soft bounces are only counted" : fmt::format("{}", fmt::join(windows, ", ")));
    if (!config->rules_directory.empty()) fmt::print("rules in {}: good\n", config->rules_directory);
    for (const auto& mailbox : config->mailboxes)
        fmt::print("mailbox {}: {}{}{}\n", mailbox.name, mailbox.url, mailbox.login.user.empty() ? "" : " as ",
                   mailbox.login.user);
    return EX_OK;
}

} // namespace

void add_config(CLI::App& app, Command& chosen) {
    auto* command = app.add_subcommand("config", "Look at the configuration");
    command->require_subcommand(0, 1);
    auto file = std::make_shared<std::string>();
    auto* check_command = command->add_subcommand("check", "Check the configuration file, without connecting anywhere");
    add_config_option(*check_command, *file);
    on_chosen(*check_command, chosen, file, check);
}

} // namespace nixie

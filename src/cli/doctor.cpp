#include <sysexits.h>

#include <algorithm>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "worker/mailboxes.hpp"

namespace nixie {
namespace {

void print_folders(const MailboxInfo& found, const FolderNames& names) {
    std::vector<std::string> missing;
    for (const auto& folder : FolderNames::defaults()) {
        const std::string path = fmt::format("{}", fmt::join(names.path(folder), "/"));
        if (std::find(found.folders.begin(), found.folders.end(), path) == found.folders.end()) missing.push_back(path);
    }
    if (missing.empty())
        fmt::print("  folders: all there\n");
    else
        fmt::print("  folders to create when first needed: {}\n",
                   printable(fmt::format("{}", fmt::join(missing, ", "))));
}

Result<void> examine(const MailboxConfig& config) {
    fmt::print("{}: {}\n", config.name, config.url);
    auto mailbox = make_mailbox(config);
    if (!mailbox) return mailbox.error();
    if (auto opened = (*mailbox)->open(Access::examine); !opened) return opened;
    fmt::print("  connected and logged in{}{}\n", config.login.user.empty() ? "" : " as ", config.login.user);
    const auto info = (*mailbox)->inspect();
    if (!info) return info.error();
    if (!info->server.empty()) fmt::print("  server: {}\n", printable(info->server));
    if (!info->capabilities.empty())
        fmt::print("  capabilities: {}\n", printable(fmt::format("{}", fmt::join(info->capabilities, " "))));
    fmt::print("  namespace: prefix \"{}\", separator \"{}\"\n", printable(info->prefix), printable(info->separator));
    fmt::print("  moves messages by: {}\n", info->filing);
    fmt::print("  messages in the inbox: {}\n", info->messages);
    print_folders(*info, config.folders);
    return (*mailbox)->close();
}

int doctor(const std::string& file) {
    const auto config = load_config_or_complain(file);
    if (!config) return EX_CONFIG;
    int code = EX_OK;
    for (const auto& mailbox : config->mailboxes)
        if (const auto examined = examine(mailbox); !examined) code = fail(examined.error());
    return code;
}

} // namespace

void add_doctor(CLI::App& app, Command& chosen) {
    auto file = std::make_shared<std::string>();
    auto* command =
        app.add_subcommand("doctor", "Connect to every mailbox and tell what the server can do; changes nothing");
    add_config_option(*command, *file);
    command->callback([file, &chosen] { chosen = [file] { return doctor(*file); }; });
}

} // namespace nixie

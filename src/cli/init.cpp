#include <stdlib.h> // mkdtemp()
#include <sysexits.h>

#include <filesystem>
#include <iostream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/address_list.hpp"
#include "cli/ask.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "cli/own_rules.hpp"
#include "cli/terminal.hpp"
#include "config/url.hpp"
#include "log/secrets.hpp"
#include "report/figures.hpp"
#include "report/table.hpp"
#include "setup/discovery.hpp"
#include "setup/plan.hpp"
#include "setup/preview.hpp"

namespace nixie {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t previewed = 10;
constexpr const char* default_state = "/var/lib/nixie/nixie.db";
constexpr unsigned config_mode = 0644;
constexpr unsigned secret_mode = 0600;

struct InitOptions {
    std::string address;
    std::string config_file;   ///< to be written
    std::string password_from; ///< --password-file
    bool password_stdin = false;
    bool force = false;
    bool print = false;
    SetupPlan plan;
};

std::string folder_of(const std::string& path) {
    const std::string folder = fs::absolute(path).parent_path().string();
    return folder.empty() ? "/" : folder;
}

/// A folder for a trial of the configuration, gone with the object.
class TrialFolder {
  public:
    TrialFolder() {
        std::string pattern = fs::temp_directory_path().string() + "/nixie-init-XXXXXX";
        if (::mkdtemp(pattern.data())) path_ = pattern;
    }
    ~TrialFolder() {
        std::error_code ignored;
        if (!path_.empty()) fs::remove_all(path_, ignored);
    }
    TrialFolder(const TrialFolder&) = delete;
    TrialFolder& operator=(const TrialFolder&) = delete;
    [[nodiscard]] std::string file(const char* name) const { return path_ + "/" + name; }

  private:
    std::string path_;
};

/// What a person has to look at and say yes to, or has named.
Result<std::string> choose_server(const std::string& address) {
    SystemResolver resolver;
    const auto found = find_servers(resolver, address.substr(address.rfind('@') + 1));
    for (const auto& server : found)
        fmt::print(stderr, "found {} ({}{})\n", server.url, server.why,
                   server.trusted ? "" : "; outside the domain: is it the right one?");
    if (!can_ask() && (found.empty() || !found.front().trusted))
        return Error{ErrorCode::usage, "which server it is cannot be told from the address", address,
                     "give --server imaps://HOST"};
    if (!can_ask()) return found.front().url;
    return ask("Server", found.empty() ? "" : found.front().url, "--server URL");
}

Result<void> settle_server(InitOptions& options) {
    SetupPlan& plan = options.plan;
    if (options.address.empty()) {
        auto address = ask("Address of the bounce mailbox", "", "the address as the argument");
        if (!address) return address.error();
        options.address = *address;
    }
    if (!is_address(options.address))
        return Error{ErrorCode::usage, "that is no mail address", options.address, "write it as bounces@example.org"};
    if (plan.url.empty()) {
        auto server = choose_server(options.address);
        if (!server) return server.error();
        plan.url = *server;
    }
    if (plan.url.find(':') == std::string::npos) plan.url = "imaps://" + plan.url;
    if (plan.user.empty()) plan.user = options.address;
    if (plan.name.empty()) plan.name = mailbox_name_for(options.address);
    return {};
}

/// Where files go that were not named: beside the configuration, unless that lies in its usual place.
void settle_paths(InitOptions& options) {
    SetupPlan& plan = options.plan;
    const std::string folder = folder_of(options.config_file);
    if (plan.state.empty())
        plan.state = options.config_file == default_config_file ? default_state : folder + "/nixie.db";
    MailboxConfig read;
    if (read_url(plan.url, read) && read.protocol == Protocol::pop3 && plan.local_maildir.empty())
        plan.local_maildir = folder_of(plan.state) + "/mail";
    if (!options.password_from.empty())
        plan.password_file = fs::absolute(options.password_from).string();
    else if (plan.preset.empty())
        plan.password_file = folder + "/" + plan.name + ".password";
}

/// The password to be written; empty where it is in a file already, or not needed.
Result<std::string> get_password(const InitOptions& options) {
    if (!options.plan.preset.empty() || !options.password_from.empty()) return std::string();
    if (!options.password_stdin)
        return ask_secret("Password of " + options.plan.user, "--password-file or --password-stdin");
    std::string line;
    std::getline(std::cin, line);
    if (line.empty())
        return Error{ErrorCode::usage, "standard input holds no password", {}, "give it as the first line"};
    return line;
}

Result<void> settle_oauth(InitOptions& options) {
    SetupPlan& plan = options.plan;
    // Of the great providers only this one takes no password in any form.
    const bool own_password = !options.password_from.empty() || options.password_stdin;
    if (plan.preset.empty() && !own_password && preset_of(plan.url) == "microsoft365") {
        fmt::print(stderr, "Microsoft 365 takes no passwords: nixie logs in with OAuth.\n");
        plan.preset = "microsoft365";
    }
    if (plan.preset.empty() || !plan.client_id.empty()) return {};
    auto id = ask("Client id of the application that you have registered with the provider", "", "--client-id ID");
    if (!id) return id.error();
    plan.client_id = *id;
    return {};
}

/// The same configuration as a program would read it, with the password in a file for the time being.
Result<Config> try_configuration(const SetupPlan& plan, const std::string& password, const TrialFolder& folder) {
    SetupPlan trial = plan;
    if (!password.empty()) {
        trial.password_file = folder.file("password");
        if (auto put = install_file(trial.password_file, password + "\n", secret_mode, Existing::keep); !put)
            return put.error();
    }
    const std::string file = folder.file("nixie.toml");
    if (auto put = install_file(file, configuration_text(trial), secret_mode, Existing::keep); !put) return put.error();
    auto loaded = load_config(file);
    if (loaded.config) return std::move(*loaded.config);
    Error first = loaded.errors.front();
    first.where.clear();
    return first;
}

void show(const Preview& preview) {
    fmt::print("Logged in. The inbox holds {}.\n", number_of(preview.info.messages, "message"));
    if (preview.missing.empty())
        fmt::print("All folders are there.\n");
    else
        fmt::print("Folders that are created when first needed:\n  {}\n",
                   wrapped(fmt::format("{}", fmt::join(preview.missing, " ")), 2, prose_columns()));
    if (preview.messages.empty()) return;
    fmt::print("\nWhat nixie would do with the first {}:\n\n", preview.messages.size());
    Table table({{"FOLDER"}, {"RECIPIENT"}, {"TYPE"}, {"REASON"}});
    for (const auto& [folder, judgement] : preview.messages) {
        if (judgement.verdicts.empty()) table.add({folder, "-", std::string(name(judgement.report.kind)), "-"});
        for (std::size_t i = 0; i < judgement.verdicts.size(); ++i)
            table.add({folder, judgement.report.recipients[i].address.text,
                       std::string(name(judgement.verdicts[i].type)), std::string(name(judgement.verdicts[i].reason))});
    }
    fmt::print("{}", table.text(terminal_columns()));
}

Result<void> check_login(const Config& config) {
    const auto judge = judge_with_own({});
    if (!judge) return judge.error();
    const auto preview = preview_mailbox(config.mailboxes.front(), *judge, previewed);
    if (!preview) return preview.error();
    show(*preview);
    return {};
}

/// The secret first: a configuration without it would be of no use.
Result<void> write_files(const InitOptions& options, const std::string& password) {
    const auto existing = options.force ? Existing::replace : Existing::keep;
    const SetupPlan& plan = options.plan;
    const std::string service_folder = folder_of(plan.state);
    if (!password.empty())
        if (auto put = install_file(plan.password_file, password + "\n", secret_mode, existing, service_folder); !put)
            return put;
    const auto sample = is_untouched_sample(options.config_file) ? Existing::replace : existing;
    auto put = install_file(options.config_file, configuration_text(plan), config_mode, sample);
    if (!put && !password.empty() && existing == Existing::keep) fs::remove(plan.password_file);
    return put;
}

void tell_what_next(const InitOptions& options) {
    const std::string with =
        options.config_file == default_config_file ? "" : " -c " + fs::absolute(options.config_file).string();
    fmt::print(
        "\nWrote {}{}.\nNext:\n", options.config_file,
        options.plan.preset.empty() && options.password_from.empty() ? " and " + options.plan.password_file : "");
    if (!options.plan.preset.empty())
        fmt::print("  nixie auth login {}{}    # a person consents once, in a browser on any machine\n",
                   options.plan.name, with);
    fmt::print("  nixie doctor{0}\n  nixie run --dry-run{0}\n  nixie run --once{0}\n", with);
}

Result<void> refuse_existing(const InitOptions& options) {
    if (options.force || options.print || !fs::exists(options.config_file)) return {};
    if (is_untouched_sample(options.config_file)) return {};
    return Error{ErrorCode::output, "there is a configuration already", options.config_file,
                 "--force replaces it; --print only shows what would be written"};
}

Result<void> set_up(InitOptions& options) {
    if (auto free = refuse_existing(options); !free) return free;
    if (auto settled = settle_server(options); !settled) return settled;
    if (auto settled = settle_oauth(options); !settled) return settled;
    settle_paths(options);
    if (options.print) {
        fmt::print("{}", configuration_text(options.plan));
        return {};
    }
    const auto password = get_password(options);
    if (!password) return password.error();
    guard_secret(*password);
    const TrialFolder folder;
    const auto config = try_configuration(options.plan, *password, folder);
    if (!config) return config.error();
    if (options.plan.preset.empty()) // else there is no token yet
        if (auto checked = check_login(*config); !checked) return checked;
    if (auto written = write_files(options, *password); !written) return written;
    tell_what_next(options);
    return {};
}

int init(InitOptions options) {
    const auto done = set_up(options);
    return done ? EX_OK : fail(done.error());
}

} // namespace

void add_init(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<InitOptions>();
    auto* command = app.add_subcommand(
        "init", "Find a mailbox's server, try the login, show what would happen, and write the configuration");
    SetupPlan& plan = options->plan;
    command->add_option("ADDRESS", options->address, "The bounce mailbox");
    add_config_option(*command, options->config_file);
    command->add_option("--server", plan.url, "Its server, instead of what the domain's records say: imaps://HOST, …");
    command->add_option("--user", plan.user, "Whom to log in as, if that is not the address");
    command->add_option("--name", plan.name, "What to call the mailbox");
    command->add_option("--state", plan.state, "The journal");
    command->add_option("--maildir", plan.local_maildir, "Where messages of a POP3 mailbox are filed");
    command->add_option("--ca-file", plan.ca_file, "The authority of the server's certificate (PEM)");
    auto* file = command->add_option("--password-file", options->password_from,
                                     "A file whose first line is the password; it stays where it is");
    command->add_flag("--password-stdin", options->password_stdin, "Read the password from standard input")
        ->excludes(file);
    command->add_option("--oauth", plan.preset, "Log in with tokens")->check(CLI::IsMember({"microsoft365", "google"}));
    command->add_option("--client-id", plan.client_id, "Of the application registered with the provider, for --oauth");
    command->add_option("--client-secret-file", plan.client_secret_file, "Its secret, where the provider wants one");
    command->add_option("--tenant", plan.tenant, "The organisation, for --oauth microsoft365");
    auto* force = command->add_flag(
        "--force", options->force, "Replace files that are there; a sample that nobody changed is replaced without it");
    command->add_flag("--print", options->print, "Print the configuration; write nothing, log in nowhere")
        ->excludes(force);
    command->footer(
        "Asks for what is not given, on a terminal only. The password never goes into the configuration, but into a "
        "file\n"
        "beside it that only its owner can read. Nothing in the mailbox changes, and nothing is written unless the "
        "login\n"
        "works.");
    on_chosen(*command, chosen, options, init);
}

} // namespace nixie

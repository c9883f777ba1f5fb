#include <sysexits.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "auth/browser.hpp"
#include "auth/device.hpp"
#include "auth/source.hpp"
#include "auth/state.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "report/figures.hpp"
#include "report/table.hpp"
#include "store/store.hpp"

namespace nixie {
namespace {

struct AuthOptions {
    std::string config_file;
    std::string mailbox;
    bool json = false;
};

std::string_view name_of(OAuthFlow flow) {
    switch (flow) {
        case OAuthFlow::device:
            return "device";
        case OAuthFlow::browser:
            return "browser";
        case OAuthFlow::refresh_token:
            return "refresh-token";
        case OAuthFlow::client_credentials:
            return "client-credentials";
        case OAuthFlow::service_account:
            return "service-account";
    }
    return {};
}

Result<MailboxConfig> mailbox_with_tokens(const Config& config, const std::string& name) {
    const auto found = std::find_if(config.mailboxes.begin(), config.mailboxes.end(),
                                    [&](const MailboxConfig& mailbox) { return mailbox.name == name; });
    std::vector<std::string> names;
    for (const auto& mailbox : config.mailboxes) names.push_back(mailbox.name);
    if (found == config.mailboxes.end())
        return Error{ErrorCode::usage, "there is no such mailbox in the configuration", name,
                     fmt::format("there are {}", fmt::join(names, ", "))};
    if (!found->login.oauth)
        return Error{ErrorCode::usage, "nixie fetches no tokens for this mailbox", name,
                     "give it a table [mailbox.oauth]"};
    return *found;
}

void show_code(const DeviceCode& code, const MailboxConfig& mailbox) {
    fmt::print("Open {} in any browser, log in as {} and enter the code {}\n", code.verification_url,
               mailbox.login.user, code.user_code);
    if (!code.complete_url.empty()) fmt::print("Or open {}\n", code.complete_url);
    fmt::print("Waiting until {}; Ctrl-C breaks it off.\n", zoned_time(code.expires));
    std::fflush(stdout);
}

Result<Token> log_in_by_code(const MailboxConfig& mailbox, const HttpPost& post) {
    const SystemClock clock;
    const TokenAccount account = account_of(mailbox);
    const auto code = start_device_login(post, account, clock.now());
    if (!code) return code.error();
    show_code(*code, mailbox);
    return finish_device_login(post, account, *code, clock, [](Duration interval) {
        std::this_thread::sleep_for(interval);
        return true;
    });
}

Result<Token> log_in_by_browser(const MailboxConfig& mailbox, const HttpPost& post) {
    const TokenAccount account = account_of(mailbox);
    const BrowserLogin login = start_browser_login(account);
    fmt::print("Open this in any browser and log in as {}:\n\n{}\n\n", mailbox.login.user, login.url);
    fmt::print("It ends on a page that cannot be shown. Copy the address of that page and paste it here:\n");
    std::fflush(stdout);
    std::string pasted;
    std::getline(std::cin, pasted);
    return finish_browser_login(post, account, login, pasted, SystemClock().now());
}

/// After a refused login a mailbox is left alone for hours, for which there is no reason any more.
Result<void> end_refusal(const Config& config, const std::string& mailbox) {
    std::error_code ignored;
    if (!std::filesystem::exists(config.state, ignored)) return {};
    auto store = Store::open(config.state, StoreAccess::write);
    if (!store) return store.error();
    auto status = store->mailbox(mailbox);
    if (!status) return status.error();
    if (!*status || (*status)->state != MailboxState::refused) return {};
    (*status)->state = MailboxState::idle;
    (*status)->next_try.reset();
    (*status)->failures = 0;
    return store->note(**status);
}

Result<void> log_in(const Config& config, const MailboxConfig& mailbox) {
    const OAuthFlow flow = mailbox.login.oauth->flow;
    if (!is_by_person(flow))
        return Error{ErrorCode::usage, fmt::format("nobody needs to log in for flow = \"{}\"", name_of(flow)),
                     mailbox.name, "`nixie doctor` tries it"};
    const HttpPost post = post_for(mailbox);
    const auto token = flow == OAuthFlow::device ? log_in_by_code(mailbox, post) : log_in_by_browser(mailbox, post);
    if (!token) return token.error();
    const TokenCache cache = cache_of(mailbox);
    const auto lock = cache.lock();
    if (!lock) return lock.error();
    if (auto saved = cache.save(*token); !saved) return saved;
    fmt::print("{}: logged in; the token is kept in {}\n", mailbox.name, cache.file());
    if (token->refresh.empty())
        fmt::print(
            "It cannot be renewed after {}: the provider gave no refresh token. Is `offline_access` in `scope`?\n",
            zoned_time(token->expires));
    fmt::print("If `nixie run` is at work already, let it try again: systemctl reload nixie\n");
    return end_refusal(config, mailbox.name);
}

int login_command(const AuthOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    const auto mailbox = mailbox_with_tokens(*config, options.mailbox);
    if (!mailbox) return fail(mailbox.error());
    const auto done = log_in(*config, *mailbox);
    return done ? EX_OK : fail(done.error());
}

int forget_command(const AuthOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    const auto mailbox = mailbox_with_tokens(*config, options.mailbox);
    if (!mailbox) return fail(mailbox.error());
    const auto forgotten = cache_of(*mailbox).forget();
    if (!forgotten) return fail(forgotten.error());
    fmt::print("{}: {}\n", mailbox->name,
               *forgotten ? "token forgotten; the provider is not told" : "there was no token");
    return EX_OK;
}

/// How one mailbox logs in, and how its token is.
struct LoginState {
    std::string way;
    std::string token;
    std::optional<Time> expires;
    bool renewable = false;
};

std::string way_of(const MailboxConfig& mailbox) {
    const LoginConfig& login = mailbox.login;
    if (mailbox.protocol == Protocol::maildir) return "none needed";
    if (login.oauth) return fmt::format("oauth, {}", name_of(login.oauth->flow));
    if (!login.token_command.empty()) return "token_command";
    if (login.password.from == SecretSource::From::nothing) return "client_certificate";
    return login.password.key;
}

Result<LoginState> state_of(const MailboxConfig& mailbox, Time now) {
    LoginState state{way_of(mailbox), "-", {}, false};
    if (!mailbox.login.oauth) return state;
    const auto kept = token_state(mailbox);
    if (!kept) return kept.error();
    state.renewable = kept->renewable;
    if (!kept->token) {
        state.token = kept->by_person ? "none: run `nixie auth login " + mailbox.name + "`" : "none yet";
        return state;
    }
    state.expires = kept->token->expires;
    state.token = kept->serves(now) ? "valid"
                  : kept->renewable ? "expired; renewed at the next login"
                                    : "expired: run `nixie auth login " + mailbox.name + "`";
    return state;
}

std::string json_line(const MailboxConfig& mailbox, const LoginState& state) {
    nlohmann::ordered_json out{{"mailbox", mailbox.name}, {"login", state.way}};
    if (mailbox.login.oauth) {
        out["token"] = state.token;
        out["renewable"] = state.renewable;
    }
    if (state.expires) out["expires"] = format_time(*state.expires);
    return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

int status_command(const AuthOptions& options) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    int code = EX_OK;
    Table table({{"MAILBOX"}, {"LOGIN"}, {"TOKEN"}, {"EXPIRES"}});
    for (const auto& mailbox : config->mailboxes) {
        const auto state = state_of(mailbox, SystemClock().now());
        if (!state) {
            code = fail(state.error());
            continue;
        }
        if (options.json)
            fmt::print("{}\n", json_line(mailbox, *state));
        else
            table.add({mailbox.name, state->way, state->token, state->expires ? zoned_time(*state->expires) : ""});
    }
    if (!options.json && !table.empty()) fmt::print("{}", table.text());
    return code;
}

} // namespace

void add_auth(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<AuthOptions>();
    auto* command = app.add_subcommand("auth", "Tokens for mailboxes that want OAuth instead of a password");
    command->require_subcommand(0, 1);
    const auto add = [&](const char* name, const char* help, int (*act)(const AuthOptions&)) {
        auto* sub = command->add_subcommand(name, help);
        add_config_option(*sub, options->config_file);
        on_chosen(*sub, chosen, options, act);
        return sub;
    };
    add("login", "Log in once with a browser, on any device, and keep the token", login_command)
        ->add_option("mailbox", options->mailbox, "Its name in the configuration")
        ->required();
    add("status", "Tell how each mailbox logs in, and how its token is", status_command)
        ->add_flag("--json", options->json, "One line of JSON a mailbox");
    add("forget", "Remove the token that was kept", forget_command)
        ->add_option("mailbox", options->mailbox, "Its name in the configuration")
        ->required();
}

} // namespace nixie

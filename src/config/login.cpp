#include "config/login.hpp"

#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/sections.hpp"

namespace nixie {
namespace {

constexpr Duration longest_timeout = std::chrono::minutes(30);

void check_readable(TableReader& in, const std::string& key, const std::string& file) {
    if (!file.empty() && !is_credential(file) && !std::ifstream(file))
        in.complain(key, fmt::format("cannot read {}", file), "name a PEM file that this user may read");
}

void check_secret(TableReader& in, const SecretSource& source) {
    // Commands that need no secret are also run by people who have no credentials.
    if (source.from != SecretSource::From::file || is_credential(source)) return;
    if (const auto secret = read_secret(source); !secret)
        in.complain(source.key, secret.error().where + ": " + secret.error().what, secret.error().remedy);
}

std::string read_mechanism(TableReader& in) {
    const std::string name = to_upper(in.text("auth", "auto"));
    if (name == "AUTO") return {};
    const auto& known = LoginConfig::mechanisms;
    if (std::find(known.begin(), known.end(), name) == known.end())
        in.complain("auth", "`auth` names no way to log in", fmt::format("use auto, {}", fmt::join(known, ", ")));
    return name;
}

ProxyConfig read_proxy(TableReader& in) {
    constexpr std::array<std::string_view, 7> schemes{"socks5h://", "socks5://", "socks4a://", "socks4://",
                                                      "http://",    "https://",  "none"};
    ProxyConfig proxy;
    proxy.url = in.text("proxy");
    proxy.user = in.text("proxy_user");
    proxy.password = read_secret_source(in, "proxy_password");
    check_secret(in, proxy.password);
    if (proxy.url.find('@') != std::string::npos)
        in.complain("proxy", "the proxy's URL holds a user name", "move it to `proxy_user` and `proxy_password_file`");
    else if (!proxy.url.empty() && std::none_of(schemes.begin(), schemes.end(),
                                                [&](std::string_view scheme) { return proxy.url.starts_with(scheme); }))
        in.complain("proxy", "the proxy's protocol is not known",
                    "write socks5h://host:1080, http://host:3128 or \"none\"");
    return proxy;
}

/// Exactly one way to prove who we are, and a mechanism that goes with it.
void check_ways(TableReader& in, const LoginConfig& login) {
    const bool by_password = login.password.from != SecretSource::From::nothing;
    const bool external = login.mechanism == "EXTERNAL";
    const bool token_mechanism = login.mechanism == "XOAUTH2" || login.mechanism == "OAUTHBEARER";
    const int ways = int{by_password} + int{!login.token_command.empty()} + int{login.oauth.has_value()};
    if (ways > 1)
        in.complain("user", "more than one way to log in",
                    "keep one of a place for the password, `token_command` and [mailbox.oauth]");
    if (external && login.client_certificate.empty())
        in.complain("auth", "EXTERNAL logs in by the client's certificate", "set `client_certificate`");
    if (external && ways > 0)
        in.complain("auth", "EXTERNAL needs neither password nor token", "remove them, or leave `auth` out");
    if (token_mechanism && !login.by_token())
        in.complain("auth", login.mechanism + " needs a token", "set `token_command` or add [mailbox.oauth]");
    if (login.by_token() && !login.mechanism.empty() && !token_mechanism && !external)
        in.complain("auth", login.mechanism + " takes no token", "use XOAUTH2 or OAUTHBEARER, or leave `auth` out");
    if (ways == 0 && !external && !token_mechanism && !in.has("password"))
        in.complain("password_file", "no place for the password is named",
                    "set `password_file`, `password_command` or `password_env`, or for a token `token_command` or "
                    "[mailbox.oauth]");
}

} // namespace

SecretSource read_secret_source(TableReader& in, const std::string& name) {
    constexpr std::array<std::pair<std::string_view, SecretSource::From>, 3> places{
        {{"_file", SecretSource::From::file},
         {"_command", SecretSource::From::command},
         {"_env", SecretSource::From::environment}}};
    SecretSource source;
    for (const auto& [suffix, from] : places) {
        const std::string key = name + std::string(suffix);
        const std::string value = in.text(key);
        if (value.empty()) continue;
        if (source.from != SecretSource::From::nothing)
            in.complain(key, fmt::format("more than one place for `{}`", name),
                        fmt::format("keep one of `{0}_file`, `{0}_command` and `{0}_env`", name));
        source = {from, value, key};
    }
    if (in.has(name))
        in.complain(name, fmt::format("`{}`: a secret does not belong into the configuration", name),
                    fmt::format("put it into a file of its own with mode 0600 and name that in `{}_file`", name));
    return source;
}

LoginConfig read_login(TableReader& in, const std::string& file, std::vector<Error>& errors) {
    LoginConfig login;
    login.user = in.text("user");
    login.mechanism = read_mechanism(in);
    login.password = read_secret_source(in, "password");
    check_secret(in, login.password);
    login.token_command = in.text("token_command");
    if (const auto* oauth = in.table("oauth")) login.oauth = read_oauth(*oauth, file, errors);
    login.ca_file = in.text("ca_file");
    login.client_certificate = credential_path(in.text("client_certificate"));
    login.client_key = credential_path(in.text("client_key"));
    login.client_key_password = read_secret_source(in, "client_key_password");
    check_readable(in, "ca_file", login.ca_file);
    check_readable(in, "client_certificate", login.client_certificate);
    check_readable(in, "client_key", login.client_key);
    check_secret(in, login.client_key_password);
    login.proxy = read_proxy(in);
    login.timeout = in.duration("timeout", login.timeout);
    if (login.timeout < Duration{1} || login.timeout > longest_timeout)
        in.complain("timeout", "`timeout` must be from 1s to 30m", "leave it out for 60s");
    if (login.user.empty() && login.mechanism != "EXTERNAL")
        in.complain("user", "`user` is missing", "name the account to log in to");
    check_ways(in, login);
    return login;
}

} // namespace nixie

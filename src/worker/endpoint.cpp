#include "worker/endpoint.hpp"

#include <memory>

#include <fmt/format.h>

#include "auth/source.hpp"
#include "base/clock.hpp"
#include "config/url.hpp"
#include "log/secrets.hpp"

namespace nixie {
namespace {

Tls tls_of(Encryption encryption) {
    switch (encryption) {
        case Encryption::implicit:
            return Tls::implicit;
        case Encryption::starttls:
            return Tls::starttls;
        case Encryption::none:
            return Tls::none;
    }
    return Tls::implicit;
}

std::string server_url(const MailboxConfig& config) {
    const std::string_view scheme = config.protocol == Protocol::imap ? "imap" : "pop3";
    const std::string_view secure = config.encryption == Encryption::implicit ? "s" : "";
    const bool ipv6 = config.host.find(':') != std::string::npos;
    const std::string host = ipv6 ? "[" + config.host + "]" : config.host;
    return fmt::format("{}{}://{}:{}", scheme, secure, host, config.port);
}

Result<Proxy> proxy_of(const MailboxConfig& config) {
    const ProxyConfig& from = config.login.proxy;
    Proxy proxy;
    if (from.url == "none") return proxy;
    if (from.url.empty()) { // no proxy leads back to this machine
        if (!is_loopback(config.host)) proxy.from = Proxy::From::environment;
        return proxy;
    }
    auto password = guarded(read_secret(from.password));
    if (!password) return password.error();
    return Proxy{Proxy::From::url, from.url, from.user, std::move(password).value()};
}

TokenProvider token_provider(const MailboxConfig& config) {
    static const SystemClock clock;
    if (config.login.oauth) {
        const auto source =
            std::make_shared<TokenSource>(account_of(config), cache_of(config), post_for(config), clock);
        return [source](const std::string& refused) { return guarded(source->token(refused)); };
    }
    const SecretSource command{SecretSource::From::command, config.login.token_command, "token_command"};
    return [command](const std::string& /*refused*/) { return guarded(read_secret(command)); };
}

} // namespace

Result<std::string> guarded(Result<std::string> secret) {
    if (secret) guard_secret(*secret);
    return secret;
}

Result<Endpoint> make_endpoint(const MailboxConfig& config) {
    const LoginConfig& login = config.login;
    auto password = guarded(read_secret(login.password));
    if (!password) return password.error();
    auto key_password = guarded(read_secret(login.client_key_password));
    if (!key_password) return key_password.error();
    auto proxy = proxy_of(config);
    if (!proxy) return proxy.error();
    Endpoint endpoint;
    endpoint.url = server_url(config);
    endpoint.tls = tls_of(config.encryption);
    endpoint.ca_file = login.ca_file;
    endpoint.certificate = {login.client_certificate, login.client_key, std::move(key_password).value()};
    endpoint.proxy = std::move(proxy).value();
    endpoint.user = login.user;
    endpoint.mechanism = login.mechanism;
    endpoint.password = std::move(password).value();
    if (login.by_token()) endpoint.token = token_provider(config);
    endpoint.timeout = login.timeout;
    return endpoint;
}

} // namespace nixie

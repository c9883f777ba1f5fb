#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/format.h>

#include "config/url.hpp"
#include "doctor/token.hpp"
#include "doctor/visit.hpp"
#include "mailbox/login.hpp"
#include "report/figures.hpp"
#include "worker/mailboxes.hpp"

namespace nixie {
namespace {

constexpr Duration connection_patience = std::chrono::seconds(10);
constexpr Duration expiry_is_near = std::chrono::hours(24 * 14);

/// The proxy that leads to the server; empty: none.
std::string proxy_on_the_way(const Endpoint& endpoint) {
    if (endpoint.proxy.from == Proxy::From::url) return endpoint.proxy.url;
    if (endpoint.proxy.from == Proxy::From::nowhere) return {};
    for (const char* const variable : {"all_proxy", "ALL_PROXY"})
        if (const char* const value = std::getenv(variable); value && *value) return value;
    return {};
}

Findings check_name(Visit& visit) {
    if (const auto proxy = proxy_on_the_way(visit.endpoint); !proxy.empty())
        return {{"name", Mark::not_tried, "the way leads through a proxy, which looks up the name"}};
    auto found = look_up(visit.config.host, visit.config.port);
    if (!found) return {problem("name", found.error())};
    visit.addresses = std::move(found).value();
    std::vector<std::string> texts;
    for (const auto& address : visit.addresses) texts.push_back(address.text);
    if (texts == std::vector{visit.config.host}) return {{"name", Mark::ok, "none to look up: it is an address"}};
    return {{"name", Mark::ok, fmt::format("{} is {}", visit.config.host, fmt::join(texts, ", "))}};
}

/// One address that answers is enough; but the program may try the others first.
Findings check_connection(Visit& visit) {
    if (visit.addresses.empty()) return {{"connection", Mark::not_tried, "the proxy makes it; see the next line"}};
    Findings silent;
    std::string answering;
    for (const auto& address : visit.addresses) {
        const auto took = try_connection(address, std::min(visit.config.login.timeout, connection_patience));
        if (took && answering.empty())
            answering = fmt::format("{} port {} answers after {} ms", address.text, visit.config.port, took->count());
        if (!took)
            silent.push_back({"connection", Mark::problem,
                              fmt::format("{} port {}: {}", address.text, visit.config.port, took.error().what),
                              "check port and firewall, and whether the provider allows IMAP or POP3 from here"});
    }
    Findings out;
    if (!answering.empty()) out.push_back({"connection", Mark::ok, answering});
    for (auto& finding : silent) {
        if (!answering.empty()) finding.mark = Mark::warning;
        out.push_back(std::move(finding));
    }
    return out;
}

Finding check_expiry(const ServerCertificate& certificate, Time now) {
    const auto left = certificate.expires - now;
    const auto days = std::chrono::duration_cast<std::chrono::hours>(left).count() / 24;
    Finding finding{
        "certificate", Mark::ok,
        fmt::format("good for {} more day{}, until {}", days, days == 1 ? "" : "s", zoned_day(certificate.expires))};
    if (left < expiry_is_near) {
        finding.mark = Mark::warning;
        finding.remedy = "renew it on the server; if that happens by itself, find out why it has not";
    }
    return finding;
}

Findings check_tls(Visit& visit) {
    auto greeting = greet(visit.endpoint, visit.clock.now());
    if (!greeting) return {problem("TLS", greeting.error())};
    visit.greeting = std::move(greeting).value();
    if (visit.greeting.distrust) return {problem("certificate", *visit.greeting.distrust)};
    if (visit.greeting.tls.empty()) {
        if (is_loopback(visit.config.host)) return {{"TLS", Mark::ok, "none; the connection stays on this machine"}};
        return {{"TLS", Mark::warning, "none: everyone on the way can read the password and the mail",
                 "use imaps:// or pop3s://, or tls = \"starttls\""}};
    }
    Findings out{{"TLS", Mark::ok,
                  fmt::format("{}{}", visit.greeting.tls,
                              visit.config.encryption == Encryption::starttls ? " by STARTTLS" : "")}};
    if (visit.greeting.certificate) out.push_back(check_expiry(*visit.greeting.certificate, visit.clock.now()));
    return out;
}

Finding try_login(Visit& visit) {
    const std::string offered = "the server offers " + list_of_ways(visit.endpoint, visit.greeting.ways);
    auto mailbox = make_mailbox(visit.config);
    if (!mailbox) return problem("login", mailbox.error());
    visit.mailbox = std::move(mailbox).value();
    if (auto opened = visit.mailbox->open(Access::examine); !opened) return problem("login", opened.error());
    auto info = visit.mailbox->inspect();
    if (!info) return problem("login", info.error());
    visit.info = std::move(info).value();
    const std::string& user = visit.config.login.user;
    std::string text = fmt::format("logged in{}{}; {}", user.empty() ? "" : " as ", user, offered);
    if (!visit.info.server.empty() && visit.config.protocol == Protocol::imap)
        text += "; it calls itself " + visit.info.server;
    return {"login", Mark::ok, text};
}

/// Without a token that will do there is nothing to log in with.
Findings check_login(Visit& visit) {
    Findings out = check_token(visit);
    if (out.empty() || out.back().mark != Mark::problem) out.push_back(try_login(visit));
    return out;
}

constexpr std::array<Check, 4> checks_to_login{{
    {"name", Check::Role::link, check_name},
    {"connection", Check::Role::link, check_connection},
    {"TLS", Check::Role::link, check_tls},
    {"login", Check::Role::link, check_login},
}};

} // namespace

std::span<const Check> server_checks() { return checks_to_login; }

} // namespace nixie

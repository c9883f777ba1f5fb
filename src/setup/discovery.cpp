#include "setup/discovery.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/url.hpp"

namespace nixie {
namespace {

struct MailProvider {
    std::string_view mx;     ///< its mail hosts end so
    std::string_view domain; ///< its own addresses; several where one is not enough are rows of their own
    std::string_view url;
    std::string_view preset;
};

constexpr std::array<MailProvider, 12> mail_providers{{
    {"mail.protection.outlook.com", "outlook.com", "imaps://outlook.office365.com", "microsoft365"},
    {"mx.microsoft", "hotmail.com", "imaps://outlook.office365.com", "microsoft365"},
    {"google.com", "gmail.com", "imaps://imap.gmail.com", "google"},
    {"googlemail.com", "googlemail.com", "imaps://imap.gmail.com", "google"},
    {"yahoodns.net", "yahoo.com", "imaps://imap.mail.yahoo.com", ""},
    {"mail.icloud.com", "icloud.com", "imaps://imap.mail.me.com", ""},
    {"messagingengine.com", "fastmail.com", "imaps://imap.fastmail.com", ""},
    {"zoho.com", "zohomail.com", "imaps://imap.zoho.com", ""},
    {"zoho.eu", "zohomail.eu", "imaps://imap.zoho.eu", ""},
    {"gmx.net", "gmx.net", "imaps://imap.gmx.net", ""},
    {"web.de", "web.de", "imaps://imap.web.de", ""},
    {"mailbox.org", "mailbox.org", "imaps://imap.mailbox.org", ""},
}};

struct Service {
    const char* label;
    const char* scheme;
    std::uint16_t port;
};
/// RFC 6186 and, of two that a domain offers alike, the better one first.
constexpr std::array<Service, 4> services{{{"_imaps._tcp", "imaps", 993},
                                           {"_imap._tcp", "imap", 143},
                                           {"_pop3s._tcp", "pop3s", 995},
                                           {"_pop3._tcp", "pop3", 110}}};
constexpr std::array<const char*, 2> usual_hosts{"imap", "mail"};

bool lies_in(std::string_view host, std::string_view domain) {
    return host == domain ||
           (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

class FoundServers {
  public:
    void add(FoundServer server) {
        const bool known =
            std::any_of(found_.begin(), found_.end(), [&](const auto& other) { return other.url == server.url; });
        if (!known) found_.push_back(std::move(server));
    }
    std::vector<FoundServer> take() { return std::move(found_); }

  private:
    std::vector<FoundServer> found_;
};

/// Whether the domain has said anything about a service of IMAP or POP3, be it that there is none.
bool add_services(Resolver& resolver, const std::string& domain, FoundServers& out) {
    bool spoken = false;
    for (const auto& service : services) {
        for (const auto& record : resolver.services(std::string(service.label) + "." + domain)) {
            spoken = true;
            if (record.target.empty() || record.port == 0) continue;
            const std::string port = record.port == service.port ? "" : fmt::format(":{}", record.port);
            const std::string url = fmt::format("{}://{}{}", service.scheme, record.target, port);
            out.add({url, fmt::format("the domain's record {}", service.label), preset_of(url),
                     lies_in(record.target, domain) || !preset_of(url).empty()});
        }
    }
    return spoken;
}

void add_provider(Resolver& resolver, const std::string& domain, FoundServers& out) {
    const auto hosts = resolver.mail_hosts(domain);
    for (const auto& provider : mail_providers) {
        const bool by_host = std::any_of(hosts.begin(), hosts.end(),
                                         [&](const std::string& host) { return lies_in(host, provider.mx); });
        if (by_host || domain == provider.domain)
            out.add({std::string(provider.url), "mail for the domain goes to this provider",
                     std::string(provider.preset), true});
    }
}

} // namespace

std::string preset_of(std::string_view url) {
    MailboxConfig wanted;
    if (!read_url(url, wanted)) return {};
    for (const auto& provider : mail_providers) {
        MailboxConfig known;
        if (read_url(provider.url, known) && equals_ignoring_case(known.host, wanted.host))
            return std::string(provider.preset);
    }
    return {};
}

std::vector<FoundServer> find_servers(Resolver& resolver, std::string_view given) {
    const std::string domain = to_lower(given);
    if (!is_host_name(domain)) return {};
    FoundServers out;
    add_provider(resolver, domain, out);
    if (!add_services(resolver, domain, out))
        for (const char* const label : usual_hosts)
            if (const std::string host = std::string(label) + "." + domain; resolver.has_address(host))
                out.add({"imaps://" + host, "a usual name, and there is such a host", "", true});
    return out.take();
}

} // namespace nixie

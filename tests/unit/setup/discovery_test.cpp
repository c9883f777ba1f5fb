#include "setup/discovery.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace nixie;

namespace {

/// Knows what it was told, and remembers what it was asked.
struct FakeResolver final : Resolver {
    std::map<std::string, std::vector<ServiceRecord>> records;
    std::map<std::string, std::vector<std::string>> mx;
    std::set<std::string> hosts;
    std::vector<std::string> asked;

    std::vector<ServiceRecord> services(const std::string& name) override {
        asked.push_back(name);
        return records[name];
    }
    std::vector<std::string> mail_hosts(const std::string& domain) override { return mx[domain]; }
    bool has_address(const std::string& host) override { return hosts.contains(host); }
};

std::vector<std::string> urls(const std::vector<FoundServer>& found) {
    std::vector<std::string> out;
    for (const auto& server : found) out.push_back(server.url);
    return out;
}

using Urls = std::vector<std::string>;

} // namespace

TEST_CASE("discovery: the domain's records come in their order, with ports that are not the usual ones") {
    FakeResolver dns;
    dns.records["_imaps._tcp.example.org"] = {{"a.example.org", 993, 0, 5}, {"b.example.org", 1993, 10, 0}};
    dns.records["_imap._tcp.example.org"] = {{"a.example.org", 143, 0, 0}};
    dns.hosts = {"imap.example.org"};
    const auto found = find_servers(dns, "Example.ORG");
    CHECK(urls(found) == Urls{"imaps://a.example.org", "imaps://b.example.org:1993", "imap://a.example.org"});
    CHECK(found.front().trusted);
}

TEST_CASE("discovery: a service that is decidedly not offered is not looked for under usual names") {
    FakeResolver dns;
    dns.records["_imaps._tcp.example.org"] = {{"", 0, 0, 0}};
    dns.hosts = {"imap.example.org", "mail.example.org"};
    CHECK(find_servers(dns, "example.org").empty());
}

TEST_CASE("discovery: without records the usual names count, if there are such hosts") {
    FakeResolver dns;
    dns.hosts = {"mail.example.org"};
    CHECK(urls(find_servers(dns, "example.org")) == Urls{"imaps://mail.example.org"});
    dns.hosts.clear();
    CHECK(find_servers(dns, "example.org").empty());
}

TEST_CASE("discovery: a provider is known by the hosts that take the domain's mail") {
    struct Row {
        std::string mx, url, preset;
    };
    const auto row = GENERATE(values<Row>({
        {"example-org.mail.protection.outlook.com", "imaps://outlook.office365.com", "microsoft365"},
        {"aspmx.l.google.com", "imaps://imap.gmail.com", "google"},
        {"mx-eu.mail.am0.yahoodns.net", "imaps://imap.mail.yahoo.com", ""},
        {"notgoogle.com", "", ""},
    }));
    FakeResolver dns;
    dns.mx["example.org"] = {row.mx};
    const auto found = find_servers(dns, "example.org");
    CHECK(urls(found) == (row.url.empty() ? Urls{} : Urls{row.url}));
    if (!found.empty()) CHECK(found.front().preset == row.preset);
}

TEST_CASE("discovery: a record that leads out of the domain is not trusted by itself") {
    FakeResolver dns;
    dns.records["_imaps._tcp.example.org"] = {{"imap.evil.example", 993, 0, 0}};
    const auto found = find_servers(dns, "example.org");
    REQUIRE(found.size() == 1);
    CHECK_FALSE(found.front().trusted);
}

TEST_CASE("discovery: what is no domain is not asked about") {
    FakeResolver dns;
    const std::string domain = GENERATE("", ".", "exa mple.org", "example..org", "exämple.org", "a\nb.org",
                                        std::string(64, 'a') + ".org", std::string(300, 'a'));
    CHECK(find_servers(dns, domain).empty());
    CHECK(dns.asked.empty());
}

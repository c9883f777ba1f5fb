#include "cli/address_list.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <ctime>

#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

const Time now = *parse_time("2026-11-25T12:00:00Z");

std::string address_in(const std::string& line) {
    const auto listed = read_listed_address(line, now);
    return listed ? listed->address : "";
}
std::string time_in(const std::string& line) {
    const auto listed = read_listed_address(line, now);
    return listed && listed->at ? format_time(*listed->at) : "";
}

/// Local time is that of one zone while it lives.
struct Zone {
    explicit Zone(const char* name) {
        ::setenv("TZ", name, 1);
        ::tzset();
    }
    ~Zone() {
        ::unsetenv("TZ");
        ::tzset();
    }
};

const std::string postfix =
    "mail postfix/smtp[812]: 4YxK2: to=<bob@example.org>, relay=mx.example.org[192.0.2.1]:25, delay=0.5, "
    "delays=0.1/0/0.2/0.2, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 77)";

} // namespace

TEST_CASE("address list: deliveries in the logs of Postfix and Exim, and plain addresses") {
    const auto [line, address] = GENERATE_REF(table<std::string, std::string>({
        {"bob@example.org", "bob@example.org"},
        {"  <bob@example.org>\r", "bob@example.org"},
        {"\"odd name\"@example.org", "\"odd name\"@example.org"},
        {"Nov 21 12:00:00 " + postfix, "bob@example.org"},
        {"2026-11-21T12:00:00.123456+01:00 " + postfix, "bob@example.org"},
        {"Nov 21 12:00:00 mail postfix/lmtp[9]: 4Y: to=<bob@example.org>, orig_to=<info@example.org>, "
         "relay=127.0.0.1[127.0.0.1]:24, delay=0, dsn=2.0.0, status=sent (250 saved)",
         "bob@example.org"},
        {"Nov 21 12:00:00 mail postfix/local[9]: 4Y: to=<bob@example.org>, relay=local, delay=0, dsn=2.0.0, "
         "status=sent "
         "(delivered to mailbox)",
         "bob@example.org"},
        {"2026-11-21 12:00:00 1qAb12-0001Cd-EF => bob@example.org R=dnslookup T=remote_smtp H=mx.example.org "
         "[192.0.2.1] "
         "C=\"250 OK\"",
         "bob@example.org"},
        {"2026-11-21 12:00:00 1qAb12-0001Cd-EF => bob <bob@example.org> R=local_user T=maildir_home",
         "bob@example.org"},
        {"2026-11-21 12:00:00 1qAb12-0001Cd-EF -> cy@example.org R=dnslookup T=remote_smtp", "cy@example.org"},
        {"Nov 21 12:00:00 mail exim[7]: 2026-11-21 12:00:00 1q-2-3 => cy@example.org R=r T=t", "cy@example.org"},
    }));
    CHECK(address_in(line) == address);
}

TEST_CASE("address list: lines that tell of no delivery") {
    const auto line = GENERATE(
        as<std::string>{},
        "Nov 21 12:00:00 mail postfix/smtp[8]: 4Y: to=<bob@example.org>, status=deferred (timed out)",
        "Nov 21 12:00:00 mail postfix/smtp[8]: 4Y: to=<bob@example.org>, relay=127.0.0.1[127.0.0.1]:10024, dsn=2.0.0, "
        "status=sent (250 from filter)",
        "Nov 21 12:00:00 mail postfix/qmgr[8]: 4Y: from=<news@example.org>, size=1",
        "2026-11-21 12:00:00 1q-2-3 <= news@example.org H=x",
        "2026-11-21 12:00:00 1q-2-3 ** bob@example.org R=dnslookup T=remote_smtp: 550 unknown",
        "2026-11-21 12:00:00 1q-2-3 => :blackhole: <bob@example.org> R=r", "2026-11-21 12:00:00 1q-2-3 Completed",
        "bob at example.org", "@example.org", "bob@", "two@example.org words@example.org", "bob@exam\x1b[2Jple.org");
    CHECK(address_in(line) == "");
}

TEST_CASE("address list: times with a zone, without one, and without a year") {
    const Zone berlin("CET-1");
    CHECK(time_in("bob@example.org") == "");
    CHECK(time_in("2026-11-21T12:00:00.123456+02:00 " + postfix) == "2026-11-21T10:00:00Z");
    CHECK(time_in("2026-11-21T12:00:00Z " + postfix) == "2026-11-21T12:00:00Z");
    CHECK(time_in("Nov 21 12:00:00 " + postfix) == "2026-11-21T11:00:00Z");
    CHECK(time_in("Nov  1 12:00:00 " + postfix) == "2026-11-01T11:00:00Z");
    CHECK(time_in("Dec 31 12:00:00 " + postfix) == "2025-12-31T11:00:00Z"); // of last year, not of the next
    CHECK(time_in("2026-11-21 12:00:00 1q-2-3 => a@example.org R=r T=t") == "2026-11-21T11:00:00Z");
    CHECK(time_in("2026-11-21 12:00:00.123 -0500 1q-2-3 => a@example.org R=r T=t") == "2026-11-21T17:00:00Z");
}

TEST_CASE("address list: a file is counted, comments and endless lines are passed over") {
    const TemporaryDirectory dir;
    const auto path = dir.write(
        "list", "# comment\n\nann@example.org\nnonsense\n" + std::string(1'000'000, 'x') + "\nbob@example.org");
    std::vector<std::string> all;
    const auto summary = read_address_list(path, now, [&](ListedAddress&& one) { all.push_back(one.address); });
    REQUIRE(summary.ok());
    CHECK(summary->lines == 4);
    CHECK(summary->addresses == 2);
    CHECK(all == std::vector<std::string>{"ann@example.org", "bob@example.org"});
    CHECK(read_address_list(dir.file("missing"), now, [](ListedAddress&&) {}).error().code == ErrorCode::input);
    CHECK(read_address_list(dir.path().string(), now, [](ListedAddress&&) {}).error().what == "a folder, not a file");
}

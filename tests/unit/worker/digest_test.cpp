#include "worker/digest.hpp"

#include "nixie/judge.hpp"
#include "notify/mail_way.hpp"
#include "unit/store/journal.hpp"
#include "unit/worker/fake_mailbox.hpp"

using namespace nixie;

namespace {

class MovingClock final : public Clock {
  public:
    Time time = noon; // a Saturday
    [[nodiscard]] Time now() const override { return time; }
};

constexpr Time monday = noon + std::chrono::hours(36);
constexpr std::chrono::hours week{24 * 7};

struct Digests {
    Digests() {
        config.digest.every = week;
        MailboxConfig mailbox_config;
        mailbox_config.name = "bounces";
        config.mailboxes.push_back(mailbox_config);
        journal.record(hard_bounce("1", "ann@example.org", noon));
    }
    void pass(Time now) {
        clock.time = now;
        put_due_report(mailbox, journal.store, config, config.mailboxes.front(), clock);
    }
    [[nodiscard]] std::size_t put() const { return mailbox.written.size(); }
    DigestState state() { return must(journal.store.digest("bounces", noon)); }

    Journal journal;
    FakeMailbox mailbox;
    Config config;
    MovingClock clock;
};

} // namespace

TEST_CASE("digest: periods are counted from Mondays, 00:00 UTC") {
    CHECK(period_begin(noon, week) == monday - week);
    CHECK(period_begin(monday, week) == monday);
    CHECK(period_begin(monday - std::chrono::seconds(1), week) == monday - week);
    CHECK(period_begin(noon, std::chrono::hours(24)) == noon - 12 * hour);
}

TEST_CASE("digest: one a period, as the period is over, into the folder of reports") {
    Digests it;
    it.pass(noon);
    it.pass(monday - std::chrono::seconds(1));
    CHECK(it.put() == 0);
    it.pass(monday);
    it.pass(monday + hour);
    REQUIRE(it.put() == 1);
    CHECK(it.mailbox.folders.at("Bounces/Reports").size() == 1);
    CHECK_THAT(it.mailbox.written[0], Catch::Contains("Subject: Bounces, 2026-11-16 to 2026-11-23: 1 (0 before)\r\n"));
    it.pass(monday + week);
    CHECK(it.put() == 2);
}

TEST_CASE("digest: what was missed is made up once, in one report that leaves nothing out") {
    Digests it;
    it.pass(noon);
    it.pass(monday + 3 * week + hour);
    it.pass(monday + 3 * week + 2 * hour);
    REQUIRE(it.put() == 1);
    CHECK_THAT(it.mailbox.written[0], Catch::Contains("2026-11-16 to 2026-12-14: 1 "));
}

TEST_CASE("digest: a crash before it was noted brings no second one") {
    Digests it;
    it.pass(noon);
    it.pass(monday);
    it.journal.execute("UPDATE digests SET until = " + std::to_string((monday - week).time_since_epoch().count()));
    it.pass(monday + hour);
    CHECK(it.put() == 1);
    CHECK(it.state().until == monday);
}

TEST_CASE("digest: a failure is noted, told by status, and tried again, but not at once") {
    Digests it;
    it.pass(noon);
    int tries = 0;
    it.mailbox.on_put = [&]() -> Result<void> {
        ++tries;
        return Error{ErrorCode::no_room, "the mailbox is over its quota", "imaps://x", "make room"};
    };
    it.pass(monday);
    it.pass(monday + std::chrono::minutes(1));
    CHECK(tries == 1);
    CHECK(it.state().failures == 1);
    CHECK_THAT(it.state().last_error, Catch::Contains("over its quota"));
    it.pass(monday + hour);
    CHECK(tries == 2);
    it.mailbox.on_put = {};
    it.pass(monday + 2 * hour);
    CHECK(it.put() == 1);
    CHECK(it.state().failures == 0);
    CHECK(it.state().last_error.empty());
}

TEST_CASE("digest: each of several mailboxes gets what came to it alone") {
    Digests it;
    auto other = it.config.mailboxes.front();
    other.name = "second";
    it.config.mailboxes.push_back(other);
    auto theirs = hard_bounce("9", "bob@example.net", noon);
    theirs.key.mailbox = "second";
    it.journal.record(theirs);
    it.pass(noon);
    it.pass(monday);
    REQUIRE(it.put() == 1);
    CHECK_THAT(it.mailbox.written[0], Catch::Contains("Bounces of bounces, 2026-11-16 to 2026-11-23: 1 "));
    CHECK(it.mailbox.written[0].find("bob@example.net") == std::string::npos);
    CHECK(it.mailbox.written[0].find("ann@example.org") != std::string::npos);
}

TEST_CASE("digest: as an event it is queued once, for who asks for it by name") {
    Digests it;
    NotifyConfig way;
    way.name = "ops";
    it.config.notify = {way};
    CHECK_FALSE(wants_digest(it.config));
    it.config.notify[0].events = {"digest"};
    CHECK(wants_digest(it.config));
    for (const Time now : {noon, monday, monday + hour}) {
        it.clock.time = now;
        must(tell_due_report(it.journal.store, it.config, it.clock));
    }
    std::vector<OutboxEvent> told;
    for (auto& event : must(it.journal.store.outbox(100, monday + hour)))
        if (event.type == "digest") told.push_back(event);
    REQUIRE(told.size() == 1);
    CHECK(told[0].key == "digest/2026-11-16T00:00:00Z/2026-11-23T00:00:00Z");

    MailOptions options;
    options.from = "nixie@example.org";
    options.to = "ops@example.org";
    const std::string mail = event_mail(options, {told[0].key, told[0].type, told[0].body}, monday);
    CHECK_THAT(mail, Catch::Contains("Subject: Bounces, 2026-11-16 to 2026-11-23: 1 (0 before)\r\n") &&
                         Catch::Contains("Content-Type: multipart/alternative;") && Catch::Contains("ann@example.org"));
}

TEST_CASE("digest: it is never taken for a report of a mail server") {
    Digests it;
    auto quoted = hard_bounce("2", "bob@example.org", noon);
    quoted.bounces[0].diagnostic = "550 5.1.1 <bob@example.org>: Recipient address rejected: User unknown";
    it.journal.record(quoted);
    it.pass(noon);
    it.pass(monday);
    REQUIRE(it.put() == 1);
    const Judgement judgement = Judge::built_in()(it.mailbox.written[0]);
    CHECK(judgement.report.kind == Kind::other);
}

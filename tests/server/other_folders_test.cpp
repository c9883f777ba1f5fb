// Looking at and into the folders of ours on a real server.
#include <catch2/catch.hpp>

#include "base/clock.hpp"
#include "server/imap_fixture.hpp"
#include "support/eventually.hpp"
#include "support/messages.hpp"
#include "support/temporary_directory.hpp"
#include "worker/cycle.hpp"

using namespace nixie;

TEST_CASE("imap folders: filed messages are found under the name that the server told, in a changed folder") {
    const auto options = GENERATE(Strings{}, Strings{"--hide-move"}, Strings{"--hide", "LIST-STATUS"},
                                  Strings{"--prefix", "INBOX.", "--separator", "."});
    ImapFixture it(options);
    it.deliver(3);
    const FolderPath first{"Bounces", "bad-mailbox"};
    const FolderPath second{"Bounces", "quota-issues"};
    const auto mailbox = it.open();
    const auto listed = it.uids(*mailbox);
    const auto before = mailbox->look(std::vector{first, second});
    it.check(before);
    CHECK_FALSE(before->front().exists);
    const auto filed = mailbox->file({first, listed});
    it.check(filed);
    REQUIRE(filed->uids.size() == 3);

    const auto states = mailbox->look(std::vector{first, second});
    it.check(states);
    CHECK(states->front().validity == filed->validity);
    CHECK_FALSE(states->back().exists);
    it.check(mailbox->enter(first, Access::change));
    const auto uid = filed->uids.at(listed[1]);
    CHECK(it.fetch(*mailbox, {uid}).at(uid).bytes.find("Subject: " + it.user + "-") != std::string::npos);

    it.check(mailbox->file({second, {uid}}));
    CHECK(it.uids(*mailbox).size() == 2);
    const auto after = mailbox->look(std::vector{first, second});
    it.check(after);
    CHECK(after->front().mark != states->front().mark);
    CHECK(after->front().next == states->front().next);
    CHECK(after->back().exists);
    it.check(mailbox->enter({}, Access::change));
    CHECK(it.uids(*mailbox).empty());
}

TEST_CASE_METHOD(ImapFixture, "imap folders: a pass looks into none that only nixie has changed, and else into few") {
    for (const char* id : {"1", "2", "3"})
        server.deliver(user, bounce_message(id, "ann@example.org", "5.1.1", "550 5.1.1 User unknown"));
    server.deliver(user, bounce_message("4", "bob@example.org", "5.2.2", "552 5.2.2 Mailbox full"));
    const TemporaryDirectory dir;
    auto store = Store::open(dir.file("journal"), StoreAccess::write);
    check(store);
    const Config config;
    MailboxConfig mailbox_config;
    mailbox_config.name = "bounces";
    const LazyJudge judge;
    const SystemClock clock;
    const CycleContext context{.mailbox = mailbox_config, .config = config, .judge = judge, .clock = clock};
    const auto mailbox = open();
    const auto pass = [&] {
        probe->sent.clear();
        const auto summary = run_cycle(*mailbox, &*store, context);
        check(summary);
        return summary->filed;
    };
    REQUIRE(pass() == 4);
    for (int again = 0; again < 2; ++again) {
        CHECK(pass() == 0);
        CHECK(probe->count("EXAMINE") + probe->count("SELECT") == 0);
        CHECK(probe->count("LIST") == 1);
    }
    server.deliver(user, bounce_message("5", "cid@example.org", "5.1.1", "550 5.1.1 User unknown"));
    REQUIRE(eventually([&] { return pass() == 1; })); // Dovecot may look into a Maildir once a second only
    CHECK(pass() == 0);
    CHECK(probe->count("EXAMINE") + probe->count("SELECT") == 0);

    const auto person = std::make_unique<ImapMailbox>(server.endpoint("imap", user));
    check(person->open(Access::change));
    check(person->enter({"Bounces", "bad-mailbox"}, Access::change));
    const auto there = uids(*person);
    check(person->file({{"Bounces", "quota-issues"}, {there.front()}}));
    CHECK(pass() == 0);
    CHECK(probe->count("EXAMINE") <= 3); // the two folders, and once more for the message itself
    CHECK(store->corrections({})->size() == 1);
}

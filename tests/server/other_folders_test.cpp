// Looking at and into the folders of ours on a real server.
#include <catch2/catch.hpp>

#include "server/imap_fixture.hpp"

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

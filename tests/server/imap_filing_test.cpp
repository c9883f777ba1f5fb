// Filing on a real server, with and without what it may lack, and after being cut off anywhere.
#include <catch2/catch.hpp>
#include <filesystem>

#include "server/imap_fixture.hpp"

using namespace nixie;

namespace {

const Strings no_move{"--hide-move"};
const Strings no_uidplus{"--hide-move", "--hide-uidplus"};

Strings joined(Strings a, const Strings& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

} // namespace

TEST_CASE("imap filing: folders are made, subscribed and filled with whatever the server offers") {
    const auto [hidden, prefix, how] = GENERATE(table<Strings, Strings, std::string>({
        {{}, {}, "MOVE"},
        {{}, {"--prefix", "INBOX.", "--separator", "."}, "MOVE"},
        {no_move, {}, "COPY, UID EXPUNGE"},
        {no_move, {"--prefix", "INBOX.", "--separator", "."}, "COPY, UID EXPUNGE"},
        {no_uidplus, {}, "COPY, EXPUNGE if nothing else is marked deleted"},
        {joined(no_move, {"--hide", "ESEARCH", "--hide", "LITERAL+", "--hide", "NAMESPACE"}), {}, "COPY, UID EXPUNGE"},
    }));
    ImapFixture it(joined(hidden, prefix));
    it.deliver(3);
    const auto mailbox = it.open();
    const auto listed = it.uids(*mailbox);
    REQUIRE(listed.size() == 3);
    it.check(mailbox->file({{"Bounces", "bad-mailbox"}, {listed[0], listed[2]}}));
    it.check(mailbox->file({{"Bounces", "spam-related"}, {listed[1], "4000000000"}}));
    it.check(mailbox->file({{"Bounces", "spam-related"}, {}}));
    CHECK(it.uids(*mailbox).empty());
    CHECK(it.server.files(it.user).empty());
    CHECK(it.server.files(it.user, "Bounces.bad-mailbox").size() == 2);
    CHECK(it.server.files(it.user, "Bounces.spam-related").size() == 1);
    const auto info = mailbox->inspect();
    it.check(info);
    CHECK(info->filing == how);
    const std::string root = prefix.empty() ? "" : "INBOX/";
    CHECK(std::count(info->folders.begin(), info->folders.end(), root + "Bounces/bad-mailbox") == 1);
    const auto subscriptions = it.server.maildir(it.user) / "subscriptions";
    CHECK(std::filesystem::exists(subscriptions));
}

TEST_CASE_METHOD(ImapFixture, "imap filing: names in any script, with quotes and separators") {
    deliver(1);
    const std::vector<std::string> folder{
        "R\xC3\xBC"
        "ckl\xC3\xA4ufer & Co",
        "\xE6\x97\xA5\xE6\x9C\xAC \"x\\y\"", "a/b"};
    const auto mailbox = open();
    check(mailbox->file({folder, uids(*mailbox)}));
    const auto info = mailbox->inspect();
    check(info);
    CHECK(std::count(info->folders.begin(), info->folders.end(), folder[0] + "/" + folder[1] + "/a_b") == 1);
}

TEST_CASE("imap filing: without UIDPLUS what others marked deleted survives") {
    ImapFixture it(no_uidplus);
    it.server.deliver(it.user, it.message("theirs"), "T");
    it.deliver(2);
    const auto mailbox = it.open();
    const auto listed = it.uids(*mailbox);
    CHECK(listed.size() == 2); // what is marked deleted is not listed
    it.check(mailbox->file({{"Bounces"}, listed}));
    CHECK(it.probe->count("EXPUNGE") == 0);
    CHECK(it.server.files(it.user, "Bounces").size() == 2);
    CHECK(it.uids(*mailbox).empty());
    REQUIRE_FALSE(it.log.empty());
    CHECK(it.log.back().find("marked deleted") != std::string::npos);
    // Not even a run that knows nothing of this one sees them again.
    CHECK(it.uids(*it.open()).empty());
}

TEST_CASE("imap filing: with UIDPLUS what others marked deleted survives") {
    ImapFixture it(no_move);
    const auto theirs = it.server.deliver(it.user, it.message("theirs"), "T");
    it.deliver(2);
    const auto mailbox = it.open();
    it.check(mailbox->file({{"Bounces"}, it.uids(*mailbox)}));
    CHECK(std::filesystem::exists(theirs));
    CHECK(it.server.files(it.user).empty());
}

TEST_CASE("imap filing: cut off at any command, the next run leaves each message once in the folder") {
    const auto hidden = GENERATE(Strings{}, no_move, no_uidplus);
    const auto cut = GENERATE(Probe::Cut::before, Probe::Cut::after);
    std::size_t cuts = 0;
    for (bool cut_short = true; cut_short; ++cuts) {
        INFO("cut at command " << cuts << (cut == Probe::Cut::before ? ", before" : ", after"));
        ImapFixture it(hidden);
        it.deliver(3);
        const auto first = it.open();
        const Filing filing{{"Bounces", "spam"}, it.uids(*first)};
        it.probe->cut_next(cuts, cut);
        cut_short = !first->file(filing);
        it.probe->cut_at.reset();

        const auto second = it.open();
        it.check(second->file(filing));
        CHECK(it.uids(*second).empty());
        CHECK(it.server.files(it.user).empty());
        CHECK(it.server.files(it.user, "Bounces.spam").size() == 3);
    }
    CHECK(cuts > (hidden.empty() ? 4 : 6));
}

TEST_CASE("imap filing: cut off after the copy and again in the repetition, each message is once in the folder") {
    const auto hidden = GENERATE(no_move, no_uidplus);
    std::size_t cuts = 0;
    for (bool cut_short = true; cut_short; ++cuts) {
        INFO("second cut at command " << cuts);
        ImapFixture it(hidden);
        it.server.deliver(it.user, it.message("same"));
        it.server.deliver(it.user, it.message("same"));
        const auto first = it.open();
        const Filing filing{{"Bounces"}, it.uids(*first)};
        it.probe->cut_next(3, Probe::Cut::after); // LIST, CREATE, SUBSCRIBE, COPY
        REQUIRE_FALSE(first->file(filing));
        REQUIRE(it.probe->sent.back().starts_with("UID COPY"));
        it.probe->cut_at.reset();

        const auto second = it.open();
        it.probe->cut_next(cuts, Probe::Cut::after);
        cut_short = !second->file(filing);
        it.probe->cut_at.reset();

        const auto third = it.open();
        it.check(third->file(filing));
        CHECK(it.uids(*third).empty());
        CHECK(it.server.files(it.user).empty());
        CHECK(it.server.files(it.user, "Bounces").size() == 2);
    }
    CHECK(cuts > 6);
}

TEST_CASE("imap filing: a folder that was removed meanwhile is made again") {
    ImapFixture it(GENERATE(Strings{}, no_move));
    it.deliver(2);
    const auto mailbox = it.open();
    const auto listed = it.uids(*mailbox);
    it.check(mailbox->file({{"Bounces"}, {listed[0]}}));
    std::filesystem::remove_all(it.server.maildir(it.user) / ".Bounces");
    it.check(mailbox->file({{"Bounces"}, {listed[1]}}));
    CHECK(it.server.files(it.user, "Bounces").size() == 1);
}

TEST_CASE("imap filing: thousands of messages take few commands") {
    const auto hidden = GENERATE(Strings{}, no_move);
    ImapFixture it(hidden);
    it.deliver(5000);
    const auto mailbox = it.open();
    const auto listed = it.uids(*mailbox);
    REQUIRE(listed.size() == 5000);
    CHECK(it.fetch(*mailbox, listed).size() == 5000);
    CHECK(it.probe->count("UID FETCH") == 10);
    std::vector<Filing> filings{{{"Bounces", "a"}, {}}, {{"Bounces", "b"}, {}}, {{"Bounces", "c"}, {}}};
    for (std::size_t i = 0; i < listed.size(); ++i) filings[i % 3].uids.push_back(listed[i]);
    it.probe->sent.clear();
    for (const auto& filing : filings) it.check(mailbox->file(filing));
    CHECK(it.probe->count(hidden.empty() ? "UID MOVE" : "UID COPY") <= 6);
    CHECK(it.probe->count("LIST") == 1);
    CHECK(it.uids(*mailbox).empty());
    for (const char* const folder : {"Bounces.a", "Bounces.b", "Bounces.c"})
        CHECK(it.server.files(it.user, folder).size() >= 1666);
}

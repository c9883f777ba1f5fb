#include "mailbox/imap/mailbox.hpp"

#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>

#include "unit/mailbox/imap/script.hpp"

using namespace nixie;

namespace {

using Strings = std::vector<std::string>;

/// An open mailbox on a scripted server.
struct Opened {
    explicit Opened(std::shared_ptr<ImapScript> server, Access access = Access::change) : script(std::move(server)) {
        const auto opened = mailbox.open(access);
        INFO((opened ? "" : opened.error().text()));
        REQUIRE(opened);
        script->asked.clear();
    }
    explicit Opened(const std::string& capabilities) : Opened(imap_script(capabilities)) {}

    std::vector<FetchedMessage> fetch(const Strings& uids, std::size_t max_bytes = 100) {
        std::vector<FetchedMessage> out;
        const auto done = mailbox.fetch(uids, max_bytes, [&](FetchedMessage&& message) { out.push_back(message); });
        INFO((done ? "" : done.error().text()));
        REQUIRE(done);
        return out;
    }

    std::shared_ptr<ImapScript> script;
    Strings log;
    ImapMailbox mailbox{connector_to(script), "imap://here", "INBOX",
                        [this](std::string_view text) { log.emplace_back(text); }};
};

} // namespace

TEST_CASE("imap open: asks for capabilities, prefix and inbox") {
    const auto script = imap_script("NAMESPACE ID");
    script->on("ID", {"* ID (\"name\" \"Dovecot\" \"version\" NIL)\r\n%t OK\r\n"});
    ImapMailbox mailbox(connector_to(script), "imap://here", "Entw\xC3\xBCrfe", {});
    REQUIRE(mailbox.open(Access::examine));
    CHECK(script->asked == Strings{"CAPABILITY", R"(ID ("name" "nixie"))", "NAMESPACE", R"(EXAMINE "Entw&APw-rfe")"});
}

TEST_CASE("imap open: a refusal names the place") {
    const auto [select, code] = GENERATE(table<std::string, ErrorCode>({
        {"%t NO [NONEXISTENT] no inbox\r\n", ErrorCode::refused},
        {"* OK [UIDVALIDITY 1] x\r\n%t OK [READ-ONLY] x\r\n", ErrorCode::forbidden},
    }));
    const auto script = imap_script("");
    script->on("SELECT", {select});
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX", {});
    const auto opened = mailbox.open(Access::change);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == code);
    CHECK(opened.error().where == "imap://here");
    CHECK_FALSE(mailbox.list());
}

TEST_CASE("imap list: ESEARCH or SEARCH, without what is marked deleted") {
    const auto [capabilities, command, reply] = GENERATE(table<std::string, std::string, std::string>({
        {"ESEARCH", "UID SEARCH RETURN (ALL) UNDELETED", "* ESEARCH (TAG \"%t\") UID ALL 3:4,9\r\n%t OK\r\n"},
        {"", "UID SEARCH UNDELETED", "* SEARCH 9 3 4\r\n%t OK\r\n"},
    }));
    Opened opened(capabilities);
    opened.script->on("UID SEARCH", {reply});
    const auto listing = opened.mailbox.list();
    REQUIRE(listing);
    CHECK(listing->validity == "42");
    CHECK(listing->uids == Strings{"3", "4", "9"});
    CHECK(opened.script->asked == Strings{"NOOP", command});
}

TEST_CASE("imap list: an empty inbox") {
    Opened opened("ESEARCH");
    opened.script->on("UID SEARCH", {"* ESEARCH (TAG \"%t\") UID\r\n%t OK\r\n"});
    CHECK(opened.mailbox.list()->uids.empty());
}

TEST_CASE("imap list: an answer of a megabyte on one line") {
    Opened opened("");
    std::string numbers;
    for (int uid = 1; uid <= 150'000; ++uid) numbers += " " + std::to_string(uid);
    opened.script->chunk = 100'000;
    opened.script->on("UID SEARCH", {"* SEARCH" + numbers + "\r\n%t OK\r\n"});
    const auto listing = opened.mailbox.list();
    REQUIRE(listing);
    CHECK(listing->uids.size() == 150'000);
}

TEST_CASE("imap fetch: each message once, whatever comes in between") {
    Opened opened("");
    opened.script->on("UID FETCH",
                      {"* 2 FETCH (FLAGS (\\Seen) UID 5)\r\n* 1 EXPUNGE\r\n"
                       "* 3 FETCH (UID 7 BODY[]<0> {2}\r\nhi)\r\n* 4 EXISTS\r\n"
                       "* 3 FETCH (UID 7 BODY[]<0> {2}\r\nhi)\r\n* 9 FETCH (UID 99 BODY[]<0> {1}\r\nx)\r\n"
                       "* 2 FETCH (BODY[]<0> \"abc\" INTERNALDATE \" 1-Feb-2026 03:04:05 +0100\" UID 5)\r\n"
                       "* 4 FETCH (UID 8 BODY[]<0> NIL)\r\n%t OK\r\n"});
    const auto messages = opened.fetch({"8", "5", "7"});
    REQUIRE(messages.size() == 2);
    CHECK(messages[0].uid == "7");
    CHECK(messages[0].bytes == "hi");
    CHECK(messages[1].uid == "5");
    CHECK(messages[1].bytes == "abc");
    CHECK(format_time(messages[1].arrived) == "2026-02-01T02:04:05Z");
    CHECK(opened.script->asked == Strings{"UID FETCH 5,7:8 (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0.100>)"});
}

TEST_CASE("imap fetch: the size is believed only where it can be true") {
    const auto [claimed, body, limit, size] = GENERATE(table<std::string, std::string, std::size_t, std::size_t>({
        {"RFC822.SIZE 5 ", "abcde", 10, 5},
        {"RFC822.SIZE 900 ", "abcde", 10, 5},  // too large
        {"RFC822.SIZE 2 ", "abcde", 10, 5},    // too small
        {"", "abcde", 10, 5},                  // absent
        {"RFC822.SIZE 900 ", "abcde", 5, 900}, // cut
        {"RFC822.SIZE 5 ", "abcde", 5, 5},     // fits exactly
        {"RFC822.SIZE 2 ", "abcde", 5, 6},     // cut, for all we know
        {"", "abcde", 5, 6},
        {"", "abcde", 3, 5}, // the server does not know partial fetches
    }));
    Opened opened("");
    opened.script->on("UID FETCH", {"* 1 FETCH (UID 5 " + claimed + "BODY[]<0> \"" + body + "\")\r\n%t OK\r\n"});
    const auto messages = opened.fetch({"5"}, limit);
    REQUIRE(messages.size() == 1);
    CHECK(messages[0].size == size);
    CHECK(messages[0].bytes == body.substr(0, limit));
}

TEST_CASE("imap fetch: one message that the server cannot read does not keep back the others") {
    Opened opened("");
    opened.script->on("UID FETCH 5:7", {"* 1 FETCH (UID 5 BODY[]<0> \"a\")\r\n%t NO [SERVERBUG] broken\r\n"})
        .on("UID FETCH 6 ", {"%t NO [SERVERBUG] broken\r\n"})
        .on("UID FETCH 7 ", {"* 3 FETCH (UID 7 BODY[]<0> \"c\")\r\n%t OK\r\n"});
    const auto messages = opened.fetch({"5", "6", "7"});
    REQUIRE(messages.size() == 2);
    CHECK(messages[1].uid == "7");
    REQUIRE(opened.log.size() == 1);
    CHECK(opened.log[0].find("UID 6") != std::string::npos);
}

TEST_CASE("imap fetch: a server that refuses all is an error") {
    Opened opened("");
    opened.script->on("UID FETCH", {"%t NO [UNAVAILABLE] broken\r\n"});
    CHECK_FALSE(opened.mailbox.fetch(Strings{"5", "6"}, 10, [](FetchedMessage&&) {}));
}

TEST_CASE("imap file: one MOVE a folder, created when first needed, listed once") {
    Opened opened("NAMESPACE MOVE");
    opened.script->on("LIST", {"* LIST () \".\" INBOX\r\n* LIST () \".\" INBOX.Bounces\r\n%t OK\r\n"});
    REQUIRE(opened.mailbox.file({{"Bounces", "spam"}, {"7", "5", "6"}}));
    REQUIRE(opened.mailbox.file({{"Bounces", "spam"}, {"9"}}));
    CHECK(opened.script->asked == Strings{R"(LIST "" "INBOX.*")", R"(CREATE "INBOX.Bounces.spam")",
                                          R"(SUBSCRIBE "INBOX.Bounces.spam")", R"(UID MOVE 5:7 "INBOX.Bounces.spam")",
                                          R"(UID MOVE 9 "INBOX.Bounces.spam")"});
}

TEST_CASE("imap file: a folder that vanished is made again") {
    Opened opened("MOVE");
    opened.script->on("LIST", {"* LIST () \"/\" a\r\n%t OK\r\n"})
        .on("UID MOVE", {"%t NO [TRYCREATE] gone\r\n", "%t OK\r\n"})
        .on("CREATE", {"%t NO [ALREADYEXISTS] made by someone else\r\n"});
    CHECK(opened.mailbox.file({{"a"}, {"5"}}));
    CHECK(opened.script->asked == Strings{R"(LIST "" "*")", R"(UID MOVE 5 "a")", R"(CREATE "a")", R"(SUBSCRIBE "a")",
                                          R"(LIST "" "a")", R"(UID MOVE 5 "a")"});
}

TEST_CASE("imap file: a refusal is an error, and the session goes on") {
    Opened opened("MOVE");
    opened.script->on("UID MOVE", {"%t NO [OVERQUOTA] full\r\n"});
    const auto filed = opened.mailbox.file({{"a"}, {"5"}});
    REQUIRE_FALSE(filed);
    CHECK(filed.error().text() ==
          "imap://here: the server refuses UID MOVE: NO [OVERQUOTA] full; "
          "make room in the mailbox or raise its quota");
    CHECK(opened.mailbox.list());
}

TEST_CASE("imap file: without MOVE, messages that came after open are copied without looking") {
    Opened opened("UIDPLUS");
    opened.script->on("LIST", {"* LIST () \"/\" a\r\n%t OK\r\n"});
    REQUIRE(opened.mailbox.file({{"a"}, {"100", "101"}}));
    CHECK(opened.script->asked == Strings{R"(LIST "" "*")", R"(UID COPY 100:101 "a")",
                                          R"(UID STORE 100:101 +FLAGS.SILENT (\Deleted))", "UID EXPUNGE 100:101"});
}

TEST_CASE("imap file: a copy without telling headers is never taken for done") {
    Opened opened("UIDPLUS");
    opened.script->on("LIST", {"* LIST () \"/\" a\r\n%t OK\r\n"})
        .on("UID SEARCH", {"* SEARCH 1\r\n%t OK\r\n"})
        .on("UID FETCH", {"* 1 FETCH (UID 5 RFC822.SIZE 9 BODY[HEADER.FIELDS (X)] \"\")\r\n%t OK\r\n",
                          "* 1 FETCH (UID 1 RFC822.SIZE 9 BODY[HEADER.FIELDS (X)] \"\")\r\n%t OK\r\n"});
    REQUIRE(opened.mailbox.file({{"a"}, {"5"}}));
    CHECK(opened.script->count("UID COPY 5") == 1);
}

TEST_CASE("imap file: nothing is asked where nothing may change") {
    Opened opened(imap_script("MOVE"), Access::examine);
    const auto filed = opened.mailbox.file({{"a"}, {"5"}});
    REQUIRE_FALSE(filed);
    CHECK(filed.error().code == ErrorCode::usage);
    CHECK(opened.script->asked.empty());
}

TEST_CASE("imap wait: IDLE is renewed until the time is over") {
    Opened opened("IDLE");
    opened.script->on("IDLE", {"+ idling\r\n"}).on("DONE", {"%t OK\r\n"}).on("UID SEARCH", {"* SEARCH\r\n%t OK\r\n"});
    REQUIRE(opened.mailbox.list());
    opened.script->asked.clear();
    const auto woken = opened.mailbox.wait(std::chrono::minutes(20), -1);
    REQUIRE(woken);
    CHECK(*woken == Wake::timeout);
    CHECK(opened.script->asked == Strings{"IDLE", "DONE", "IDLE", "DONE", "IDLE", "DONE"});
    Duration total{};
    for (const Duration waited : opened.script->waited) {
        CHECK(waited < std::chrono::minutes(29));
        total += waited;
    }
    CHECK(total == std::chrono::minutes(20));
}

TEST_CASE("imap wait: ends when a message is announced, not when a flag changes") {
    Opened opened("IDLE");
    opened.script->on("IDLE", {"+ idling\r\n"}).on("DONE", {"%t OK\r\n"});
    REQUIRE(opened.mailbox.list());
    opened.script->events = {"* OK Still here\r\n", "* 1 FETCH (FLAGS ())\r\n", "* 4 EXISTS\r\n"};
    const auto woken = opened.mailbox.wait(std::chrono::minutes(20), -1);
    REQUIRE(woken);
    CHECK(*woken == Wake::changed);
    CHECK(opened.script->events.empty());
    CHECK(opened.script->count("IDLE") == 1);
}

TEST_CASE("imap wait: what was announced since the listing wakes at once") {
    Opened opened("IDLE MOVE");
    REQUIRE(opened.mailbox.list());
    opened.script->on("UID MOVE", {"* 4 EXISTS\r\n* 1 EXPUNGE\r\n%t OK\r\n"});
    REQUIRE(opened.mailbox.file({{"a"}, {"5"}}));
    const auto woken = opened.mailbox.wait(std::chrono::minutes(20), -1);
    REQUIRE(woken);
    CHECK(*woken == Wake::changed);
    CHECK(opened.script->count("IDLE") == 0);
}

TEST_CASE("imap wait: without IDLE it asks from time to time") {
    Opened opened("");
    REQUIRE(opened.mailbox.list());
    opened.script->asked.clear();
    opened.script->on("NOOP", {"%t OK\r\n", "%t OK\r\n", "* 4 EXISTS\r\n%t OK\r\n"});
    const auto woken = opened.mailbox.wait(std::chrono::minutes(20), -1);
    REQUIRE(woken);
    CHECK(*woken == Wake::changed);
    CHECK(opened.script->asked == Strings{"NOOP", "NOOP", "NOOP"});
}

TEST_CASE("imap wait: a readable descriptor ends it") {
    Opened opened("IDLE");
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    REQUIRE(::write(ends[1], "x", 1) == 1);
    const auto woken = opened.mailbox.wait(std::chrono::minutes(20), ends[0]);
    ::close(ends[0]);
    ::close(ends[1]);
    REQUIRE(woken);
    CHECK(*woken == Wake::stopped);
}

TEST_CASE("imap inspect: without NAMESPACE the separator comes from LIST") {
    Opened opened([] {
        auto script = imap_script("X");
        script->on(R"(LIST "" "")", {"* LIST (\\Noselect) \"/\" \"\"\r\n%t OK\r\n"})
            .on(R"(LIST "" "*")",
                {"* LIST () \"/\" INBOX\r\n* LIST (\\Noselect) \"/\" a\r\n* LIST () \"/\" \"a/&APw-\"\r\n%t OK\r\n"});
        return script;
    }());
    const auto info = opened.mailbox.inspect();
    REQUIRE(info);
    CHECK(info->separator == "/");
    CHECK(info->prefix.empty());
    CHECK(info->folders == Strings{"INBOX", "a/\xC3\xBC"});
    CHECK(info->messages == 3);
    CHECK(info->capabilities == Strings{"IMAP4REV1", "X"});
    CHECK(info->filing == "COPY, EXPUNGE if nothing else is marked deleted");
}

TEST_CASE("imap close: says goodbye and does not wait for an answer") {
    Opened opened("");
    opened.script->on("LOGOUT", {""});
    CHECK(opened.mailbox.close());
    CHECK(opened.script->asked == Strings{"LOGOUT"});
    CHECK(opened.script->waited.empty());
    CHECK(opened.mailbox.close());
}

TEST_CASE("imap: a lost connection is an error, and the mailbox can be opened again") {
    Opened opened("");
    opened.script->on("NOOP", {""});
    CHECK_FALSE(opened.mailbox.list());
    opened.script->on("NOOP", {"%t OK\r\n"});
    CHECK(opened.mailbox.open(Access::change));
    CHECK(opened.mailbox.list());
    CHECK(opened.script->connected == 2);
}

TEST_CASE(
    "imap open: a server without NAMESPACE that was asked before it said what it can do tells the separator by LIST") {
    const auto script = imap_script("X");
    script->announced = "* CAPABILITY IMAP4rev1 ID";
    script->on("NAMESPACE", {"%t BAD what?\r\n"}).on(R"(LIST "" "")", {"* LIST (\\Noselect) \"/\" \"\"\r\n%t OK\r\n"});
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX", {});
    REQUIRE(mailbox.open(Access::change));
    CHECK(script->asked ==
          Strings{"CAPABILITY", R"(ID ("name" "nixie"))", "NAMESPACE", R"(SELECT "INBOX")", R"(LIST "" "")"});
    CHECK(mailbox.inspect()->separator == "/");
}

TEST_CASE("imap fetch: what the server works on does not wait for what is on its way to it") {
    const auto script = imap_script("MOVE");
    ImapMailbox mailbox(connector_to(script), "imap://here", "INBOX", {});
    REQUIRE(mailbox.open(Access::examine));
    int chunks = 0;
    std::vector<std::string> chunk;
    const auto next = [&]() -> std::span<const std::string> {
        chunk.clear();
        if (++chunks <= 8) chunk.push_back(std::to_string(chunks));
        return chunk;
    };
    script->flights = 0;
    REQUIRE(mailbox.fetch_all(next, 1000, [](FetchedMessage&&) {}));
    CHECK(script->count("UID FETCH") == 8);
    CHECK(script->flights == 5); // four at once, then one more for each that is answered
}

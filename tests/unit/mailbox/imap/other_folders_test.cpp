// Folders beside the inbox: how they look, entering them, and what filed messages are called there.
#include <catch2/catch.hpp>

#include "mailbox/imap/mailbox.hpp"
#include "unit/mailbox/imap/script.hpp"

using namespace nixie;

namespace {

using Strings = std::vector<std::string>;
const FolderPath quota{"Bounces", "quota-issues"};
const FolderPath missing{"Bounces", "missing"};

struct OnScript {
    explicit OnScript(const std::string& capabilities) : script(imap_script(capabilities)) {
        REQUIRE(mailbox.open(Access::change));
        script->asked.clear();
        script->flights = 0;
    }
    std::shared_ptr<ImapScript> script;
    ImapMailbox mailbox{connector_to(script), "imap://here", "INBOX", {}};
};

} // namespace

TEST_CASE("imap folders: one LIST tells how all of them look, or a STATUS for each") {
    const std::string status = "* STATUS Bounces-quota-issues (UIDVALIDITY 9 MESSAGES 2 UIDNEXT 17)\r\n";
    const auto [capabilities, command] = GENERATE(table<std::string, std::string>({
        {"LIST-EXTENDED LIST-STATUS", "LIST"},
        {"", "STATUS"},
    }));
    OnScript it(capabilities);
    it.script->on("STATUS", {status + "%t OK\r\n", "%t NO [NONEXISTENT] none\r\n"})
        .on("LIST", {"* LIST () NIL Bounces-quota-issues\r\n" + status + "%t OK\r\n"});
    const auto states = it.mailbox.look(std::vector<FolderPath>{quota, missing});
    REQUIRE(states);
    REQUIRE(states->size() == 2);
    CHECK(states->front().exists);
    CHECK(states->front().validity == "9");
    CHECK(states->front().next == "17");
    CHECK(states->front().mark == "9 17 2");
    CHECK_FALSE(states->back().exists);
    CHECK(it.script->count(command) == 2); // once for all, and for the names of all folders; or for each
    CHECK(it.script->count("LIST \"\" \"*\"") + it.script->count("LIST \"\" \"INBOX.*\"") == 1);
    CHECK(it.script->flights == 1);
}

TEST_CASE("imap folders: a folder about which the server tells half has no mark") {
    OnScript it("");
    it.script->on("STATUS", {"* STATUS Bounces-quota-issues (MESSAGES 2 UIDVALIDITY 9)\r\n%t OK\r\n"});
    const auto states = it.mailbox.look(std::vector<FolderPath>{quota});
    REQUIRE(states);
    CHECK(states->front().exists);
    CHECK(states->front().mark.empty());
}

TEST_CASE("imap folders: one whose UIDs do not last is not looked at") {
    OnScript it("");
    it.script->on("STATUS", {"* STATUS Bounces-quota-issues (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 0)\r\n%t OK\r\n"});
    CHECK_FALSE(it.mailbox.look(std::vector<FolderPath>{quota})->front().exists);
}

TEST_CASE("imap folders: entering one and coming back selects each once") {
    OnScript it("");
    it.script->on("UID SEARCH", {"* SEARCH 3\r\n%t OK\r\n"});
    REQUIRE(it.mailbox.enter({}, Access::change));
    REQUIRE(it.mailbox.enter(quota, Access::examine));
    REQUIRE(it.mailbox.enter(quota, Access::examine));
    REQUIRE(it.mailbox.enter(quota, Access::change));
    REQUIRE(it.mailbox.enter({}, Access::change));
    CHECK(it.script->asked ==
          Strings{"EXAMINE \"Bounces-quota-issues\"", "SELECT \"Bounces-quota-issues\"", "SELECT \"INBOX\""});
}

TEST_CASE("imap folders: one that is not there is refused, and the inbox can still be entered") {
    OnScript it("");
    it.script->on("SELECT \"Bounces", {"%t NO [NONEXISTENT] none\r\n"});
    const auto entered = it.mailbox.enter(quota, Access::change);
    REQUIRE_FALSE(entered);
    CHECK(entered.error().code == ErrorCode::refused);
    CHECK_FALSE(it.mailbox.list());
    CHECK_FALSE(it.mailbox.file({quota, {"1"}}));
    REQUIRE(it.mailbox.enter({}, Access::change));
    CHECK(it.mailbox.list());
}

TEST_CASE("imap folders: what came since an earlier look, without the last message that n:* always names") {
    OnScript it("");
    it.script->on("UID SEARCH", {"* SEARCH 16\r\n%t OK\r\n", "* SEARCH 17 18\r\n%t OK\r\n"});
    CHECK(it.mailbox.list_from("17")->uids.empty());
    CHECK(it.mailbox.list_from("17")->uids == Strings{"17", "18"});
    CHECK(it.script->asked.back() == "UID SEARCH UID 17:* UNDELETED");
}

TEST_CASE("imap folders: the server tells what moved messages are called, before its answer or in it") {
    const auto [verb, reply] = GENERATE(table<std::string, std::string>({
        {"MOVE", "* OK [COPYUID 9 5:7 21:23] moved\r\n* 1 EXPUNGE\r\n%t OK done\r\n"},
        {"UIDPLUS", "%t OK [COPYUID 9 5:7 21,22,23] copied\r\n"},
    }));
    OnScript it(verb);
    it.script->on("UID MOVE", {reply}).on("UID COPY", {reply});
    const auto filed = it.mailbox.file({quota, {"5", "6", "7"}});
    REQUIRE(filed);
    CHECK(filed->validity == "9");
    CHECK(filed->uids == std::map<std::string, std::string>{{"5", "21"}, {"6", "22"}, {"7", "23"}});
}

TEST_CASE("imap folders: a COPYUID that does not add up names nothing") {
    const std::string code = GENERATE("", "[COPYUID 9 5:7 21:22] ", "[COPYUID 0 5 21] ", "[COPYUID 9 5] ",
                                      "[COPYUID 9 5:* 21:*] ", "[COPYUID 9 1:4294967295 1:4294967295] ");
    OnScript it("MOVE");
    it.script->on("UID MOVE", {"* OK " + code + "moved\r\n%t OK done\r\n"});
    const auto filed = it.mailbox.file({quota, {"5", "6", "7"}});
    REQUIRE(filed);
    CHECK(filed->uids.empty());
}

TEST_CASE("imap folders: a target that exists in another case of its letters is used, not made anew") {
    const auto [refusal, listed] = GENERATE(table<std::string, std::string>({
        {"%t NO [ALREADYEXISTS] there is one\r\n", ""},
        {"%t NO there is one\r\n", "* LIST () NIL \"bounces-Quota-Issues\"\r\n"}, // older than RFC 5530
    }));
    OnScript it("MOVE");
    it.script->on("LIST", {"* LIST () NIL bounces\r\n* LIST () NIL \"bounces-Quota-Issues\"\r\n%t OK\r\n"})
        .on("LIST \"\" \"Bounces", {listed + "%t OK\r\n"})
        .on("CREATE", {refusal})
        .on("UID MOVE", {"%t OK [COPYUID 9 5 21] moved\r\n"});
    const auto filed = it.mailbox.file({quota, {"5"}});
    REQUIRE(filed);
    CHECK(filed->uids.at("5") == "21");
    CHECK(it.script->count("UID MOVE 5 ") == 1);
}

TEST_CASE("imap folders: an inbox that refuses children is told, and other folders can still be filed into") {
    OnScript it("MOVE");
    it.script->on("CREATE \"INBOX", {"%t NO [CANNOT] no children here\r\n"})
        .on("UID MOVE", {"%t OK [COPYUID 9 5 21] moved\r\n"});
    const auto refused = it.mailbox.file({{"INBOX", "Bounces"}, {"5"}});
    REQUIRE_FALSE(refused);
    CHECK(is_refusal(refused.error().code));
    CHECK_FALSE(refused.error().remedy.empty());
    CHECK(it.script->count("UID MOVE") == 0);
    CHECK(it.mailbox.file({quota, {"5"}}));
}

TEST_CASE("imap folders: the inbox is searched along with the look, once") {
    OnScript it("NAMESPACE");
    it.script->on("UID SEARCH", {"* SEARCH 3 1\r\n%t OK\r\n", "* SEARCH 3 4\r\n%t OK\r\n"});
    REQUIRE(it.mailbox.look(std::vector<FolderPath>{quota}));
    CHECK(it.mailbox.list()->uids == Strings{"1", "3"});
    CHECK(it.script->flights == 1);
    CHECK(it.mailbox.list()->uids == Strings{"3", "4"});
    CHECK(it.script->flights == 2);
}

TEST_CASE("imap folders: what the look found in the inbox is forgotten when something else is done") {
    OnScript it("NAMESPACE");
    it.script->on("UID SEARCH", {"* SEARCH 1\r\n%t OK\r\n", "* SEARCH 2\r\n%t OK\r\n"});
    REQUIRE(it.mailbox.look(std::vector<FolderPath>{quota}));
    const auto then = GENERATE(0, 1, 2);
    if (then == 0) {
        REQUIRE(it.mailbox.enter(quota, Access::examine));
    } else if (then == 1) {
        REQUIRE(it.mailbox.fetch(Strings{"1"}, 10, [](FetchedMessage&&) {}));
    } else {
        REQUIRE(it.mailbox.wait(Duration{0}, -1));
    }
    CHECK(it.mailbox.list()->uids == Strings{"2"});
}

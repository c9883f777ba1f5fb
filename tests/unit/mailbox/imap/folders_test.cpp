// Where folders go on servers that are particular about them.
#include "mailbox/imap/folders.hpp"

#include <catch2/catch.hpp>

#include "unit/mailbox/imap/script.hpp"

using namespace nixie;

namespace {

using Strings = std::vector<std::string>;
const Strings spam{"Bounces", "spam"};

struct FoldersOn {
    explicit FoldersOn(const std::string& answer, const std::string& capabilities = "NAMESPACE") {
        script->on("CAPABILITY", {"* CAPABILITY IMAP4rev1 " + capabilities + "\r\n%t OK\r\n"})
            .on("NAMESPACE", {answer + "%t OK\r\n"})
            .on(R"(LIST "" "")", {answer + "%t OK\r\n"});
        REQUIRE(session.require(ImapCommand("CAPABILITY")));
        REQUIRE(session.require(folders.ask_namespace(), [this](ImapResponse& response) -> Result<void> {
            folders.read_namespace(response);
            return {};
        }));
        script->asked.clear();
    }

    ImapFolders::Ensured ensure(const Strings& levels = spam) {
        const auto ensured = folders.ensure(levels);
        INFO((ensured ? "" : ensured.error().text()));
        REQUIRE(ensured);
        return *ensured;
    }

    std::shared_ptr<ImapScript> script = std::make_shared<ImapScript>();
    Strings log;
    ImapLog to_log = [this](std::string_view text) { log.emplace_back(text); };
    ImapSession session{std::make_unique<ScriptedStream>(script), to_log};
    ImapFolders folders{session, to_log};
};

const std::string flat = "* NAMESPACE ((\"\" \"/\")) NIL NIL\r\n";
const std::string below_inbox = "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n";

} // namespace

TEST_CASE("imap folders: what is missing is made in one round trip") {
    FoldersOn on(flat);
    on.script->on("LIST", {"* LIST () \"/\" INBOX\r\n%t OK\r\n"});
    const int before = on.script->flights;
    CHECK(on.ensure() == ImapFolders::Ensured::created);
    CHECK(on.script->asked == Strings{R"(LIST "" "*")", R"(CREATE "Bounces")", R"(SUBSCRIBE "Bounces")",
                                      R"(CREATE "Bounces/spam")", R"(SUBSCRIBE "Bounces/spam")"});
    CHECK(on.script->flights - before == 2);
    CHECK(on.ensure() == ImapFolders::Ensured::was_there);
    CHECK(on.script->asked.size() == 5);
}

TEST_CASE("imap folders: a server without NAMESPACE that wants all below INBOX") {
    FoldersOn on("* LIST (\\Noselect) \".\" \"\"\r\n", "");
    on.script->on("LIST", {"* LIST () \".\" INBOX\r\n%t OK\r\n"})
        .on(R"(LIST "" "Bounces.spam")", {"%t OK\r\n"})
        .on(R"(CREATE "Bounces)", {"%t NO Invalid mailbox name.\r\n"});
    CHECK(on.ensure() == ImapFolders::Ensured::created);
    CHECK(on.folders.name(spam) == "INBOX.Bounces.spam");
    CHECK(on.script->count(R"(CREATE "INBOX.Bounces.spam")") == 1);
    CHECK(on.log.back().find("INBOX.Bounces.spam") != std::string::npos);
    on.ensure({"Bounces", "quota"});
    CHECK(on.script->count(R"(CREATE "Bounces.quota")") == 0);
}

TEST_CASE("imap folders: the next session finds them where the first had to make them") {
    FoldersOn on("* LIST (\\Noselect) \".\" \"\"\r\n", "");
    on.script->on("LIST", {"* LIST () \".\" INBOX\r\n* LIST () \".\" INBOX.Bounces.spam\r\n%t OK\r\n"});
    CHECK(on.ensure() == ImapFolders::Ensured::was_there);
    CHECK(on.folders.name(spam) == "INBOX.Bounces.spam");
    CHECK(on.script->asked == Strings{R"(LIST "" "*")"});
}

TEST_CASE("imap folders: an inbox that refuses children") {
    const bool configured = GENERATE(false, true);
    const Strings levels = configured ? Strings{"INBOX", "Bounces", "spam"} : spam;
    FoldersOn on(configured ? flat : below_inbox);
    on.script->on("LIST", {"* LIST (\\Noinferiors) \"/\" INBOX\r\n%t OK\r\n"})
        .on(R"(CREATE "INBOX)", {"%t NO [CANNOT] INBOX cannot have children\r\n"})
        .on(R"(LIST "" "INBOX)", {"%t OK\r\n"});
    CHECK(on.ensure(levels) == ImapFolders::Ensured::created);
    CHECK(on.folders.name(levels) == (configured ? "Bounces/spam" : "Bounces.spam"));
}

TEST_CASE("imap folders: refused on both sides, the first refusal counts") {
    FoldersOn on(flat);
    on.script->on("LIST", {"%t OK\r\n"}).on("CREATE", {"%t NO [CANNOT] never\r\n"});
    const auto ensured = on.folders.ensure(spam);
    REQUIRE_FALSE(ensured);
    CHECK(ensured.error().code == ErrorCode::refused);
    CHECK(ensured.error().what == "the server refuses CREATE: NO [CANNOT] never");
    CHECK(on.folders.name(spam) == "Bounces/spam");
}

TEST_CASE("imap folders: a full or busy server is not tried on the other side") {
    FoldersOn on(flat);
    const auto answer = GENERATE(as<std::string>{}, "[OVERQUOTA] full", "[LIMIT] too many folders");
    on.script->on("LIST", {"%t OK\r\n"}).on("CREATE", {"%t NO " + answer + "\r\n"});
    CHECK_FALSE(on.folders.ensure(spam));
    CHECK(on.script->count(R"(CREATE "INBOX)") == 0);
}

TEST_CASE("imap folders: a folder that is there in other letters is used as it is spelled") {
    const auto [listed, created, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"* LIST () \"/\" bounces\r\n* LIST () \"/\" bounces/SPAM\r\n", "%t NO [ALREADYEXISTS] Duplicate folder\r\n",
         "bounces/SPAM"},
        {"* LIST () \"/\" bounces\r\n", "%t NO [ALREADYEXISTS] Duplicate folder\r\n", "bounces/spam"},
        {"* LIST () \"/\" bounces\r\n", "%t NO Mailbox already exists\r\n", "bounces/spam"},
    }));
    FoldersOn on(flat);
    on.script->on("LIST", {listed + "%t OK\r\n"})
        .on(R"(LIST "" "Bounces")", {"* LIST () \"/\" bounces\r\n%t OK\r\n"})
        .on("CREATE", {"%t OK\r\n"})
        .on(R"(CREATE "Bounces)", {created})
        .on(R"(CREATE "bounces")", {created});
    if (expected == "bounces/SPAM") on.script->on(R"(CREATE "bounces/spam")", {created});
    on.ensure();
    CHECK(on.folders.name(spam) == expected);
    const auto asked = on.script->asked.size();
    on.ensure();
    CHECK(on.script->asked.size() == asked);
}

TEST_CASE("imap folders: a server that holds both spellings apart is left to") {
    FoldersOn on(flat);
    on.script->on("LIST", {"* LIST () \"/\" bounces\r\n* LIST () \"/\" bounces/spam\r\n%t OK\r\n"});
    CHECK(on.ensure() == ImapFolders::Ensured::created);
    CHECK(on.folders.name(spam) == "Bounces/spam");
}

TEST_CASE("imap folders: odd delimiters") {
    const auto [answer, name] = GENERATE(table<std::string, std::string>({
        {"* NAMESPACE ((\"\" \"\\\\\")) NIL NIL\r\n", R"(Bounces\spam)"},
        {"* NAMESPACE ((\"\" \"^\")) NIL NIL\r\n", "Bounces^spam"},
        {"* NAMESPACE ((\"\" NIL)) NIL NIL\r\n", "Bounces-spam"},
        {"* NAMESPACE ((\"#mh/\" \"/\" \"X-PARAM\" (\"A\" \"B\"))(\"\" \"/\")) NIL NIL\r\n", "#mh/Bounces/spam"},
        {"* NAMESPACE NIL NIL ((\"\" \"/\"))\r\n", "Bounces-spam"},
        {"* NAMESPACE ((\"INBOX.\" \".\") (\"archive.\" \".\")) NIL NIL\r\n", "INBOX.Bounces.spam"},
        {"* NAMESPACE (({6}\r\nINBOX. \".\")) NIL NIL\r\n", "INBOX.Bounces.spam"},
    }));
    FoldersOn on(answer);
    CHECK(on.folders.name(spam) == name);
    on.script->on("LIST", {"%t OK\r\n"});
    CHECK(on.ensure() == ImapFolders::Ensured::created);
    CHECK(on.script->asked.back() == "SUBSCRIBE " + quote(name));
}

TEST_CASE("imap folders: a name that holds no messages is made, one in a literal is known") {
    FoldersOn on(flat);
    on.script->on("LIST", {"* LIST (\\Noselect) \"/\" Bounces\r\n* LIST (\\NonExistent) \"/\" Bounces/spam\r\n"
                           "* LIST () \"/\" {9}\r\nBounces/a\r\n* LIST () NIL \"Bounces/b\"\r\n%t OK\r\n"});
    CHECK(on.ensure({"Bounces", "a"}) == ImapFolders::Ensured::was_there);
    CHECK(on.ensure({"Bounces", "b"}) == ImapFolders::Ensured::was_there);
    CHECK(on.script->asked.size() == 1);
    CHECK(on.ensure() == ImapFolders::Ensured::created);
}

TEST_CASE("imap folders: a parent that holds messages only names the remedy") {
    FoldersOn on(flat);
    on.script->on("LIST", {"* LIST (\\Noinferiors) \"/\" Bounces\r\n%t OK\r\n"})
        .on("CREATE", {"%t NO Invalid argument\r\n"})
        .on(R"(LIST "" "Bounces/spam")", {"%t OK\r\n"});
    const auto ensured = on.folders.ensure(spam);
    REQUIRE_FALSE(ensured);
    CHECK(ensured.error().remedy.find("`root`") != std::string::npos);
}

TEST_CASE("imap folders: UTF-8 after ENABLE, modified UTF-7 without") {
    const auto [enabled, name] = GENERATE(table<std::string, std::string>({
        {"* ENABLED UTF8=ACCEPT\r\n",
         "R\xC3\xBC"
         "ck/a&b"},
        {"* ENABLED IMAP4rev2\r\n",
         "R\xC3\xBC"
         "ck/a&b"},
        {"* ENABLED\r\n", "R&APw-ck/a&-b"},
        {"* ENABLED CONDSTORE\r\n", "R&APw-ck/a&-b"},
    }));
    FoldersOn on(enabled + flat);
    CHECK(on.folders.name(Strings{"R\xC3\xBC"
                                  "ck",
                                  "a&b"}) == name);
}

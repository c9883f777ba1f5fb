#include "mailbox/pop3/mailbox.hpp"

#include <filesystem>
#include <map>
#include <set>

#include <catch2/catch.hpp>

#include "support/scripted_server.hpp"
#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;
namespace fs = std::filesystem;

namespace {

using Replies = std::map<std::string, std::string>;

/// Three messages and a login; `special` answers come first.
ScriptedServer::Answer answers(Replies special) {
    Replies usual{
        {"CAPA", "+OK\r\nTOP\r\nUIDL\r\nPIPELINING\r\nUSER\r\n.\r\n"},
        {"UIDL", "+OK\r\n1 a\r\n2 b\r\n3 c\r\n.\r\n"},
        {"LIST", "+OK\r\n1 5\r\n2 5\r\n3 5\r\n.\r\n"},
        {"RETR 1", "+OK\r\none\r\n.\r\n"},
        {"RETR 2", "+OK\r\ntwo\r\n.\r\n"},
        {"RETR 3", "+OK\r\nthr\r\n.\r\n"},
    };
    special.merge(usual);
    return [replies = std::move(special)](const std::string& command) {
        const auto found = replies.find(command);
        return found == replies.end() ? "+OK\r\n" : found->second;
    };
}

struct Local {
    TemporaryDirectory temporary;
    std::string tree = temporary.file("filed");
    [[nodiscard]] std::multiset<std::string> filed() const {
        std::multiset<std::string> out;
        if (!fs::exists(tree + "/.Bounces")) return out;
        for (const auto& entry : fs::directory_iterator(tree + "/.Bounces/new")) out.insert(read_file(entry.path()));
        return out;
    }
};

Pop3Mailbox opened(const ScriptedServer& server, const Local& local) {
    Pop3Mailbox mailbox(server.endpoint(), local.tree);
    REQUIRE(mailbox.open(Access::change));
    return mailbox;
}

std::vector<std::string> fetched_uids(Mailbox& mailbox, const std::vector<std::string>& uids) {
    std::vector<std::string> out;
    REQUIRE(mailbox.fetch(uids, 1000, [&](FetchedMessage&& message) { out.push_back(message.uid); }));
    return out;
}

} // namespace

TEST_CASE("pop3: a message that was not retrieved is never deleted") {
    const ScriptedServer server(answers({{"RETR 2", "-ERR busy\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    REQUIRE(mailbox.file({{"Bounces"}, {"a", "b", "c"}}));
    CHECK(local.filed() == std::multiset<std::string>{"one\n", "thr\n"});
    CHECK(server.was_asked("DELE 1"));
    CHECK_FALSE(server.was_asked("DELE 2"));
    CHECK(server.was_asked("DELE 3"));
}

TEST_CASE("pop3: a connection lost inside a message deletes nothing and stores no half") {
    const ScriptedServer server(answers({{"RETR 1", ""}}));
    const Local local;
    auto mailbox = opened(server, local);
    const auto filed = mailbox.file({{"Bounces"}, {"a", "b"}});
    REQUIRE_FALSE(filed);
    CHECK(filed.error().code == ErrorCode::unavailable);
    CHECK(local.filed().empty());
    CHECK_FALSE(server.was_asked("DELE 1"));
    CHECK(mailbox.close());
}

TEST_CASE("pop3: different messages under one UIDL are all stored before they are deleted") {
    const ScriptedServer server(answers({{"UIDL", "+OK\r\n1 same\r\n2 same\r\n.\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    CHECK(mailbox.list()->uids == std::vector<std::string>{"same"});
    REQUIRE(mailbox.file({{"Bounces"}, {"same"}}));
    CHECK(local.filed() == std::multiset<std::string>{"one\n", "two\n"});
    CHECK(server.was_asked("DELE 1"));
    CHECK(server.was_asked("DELE 2"));
}

TEST_CASE("pop3: a server without CAPA is asked one thing at a time and by RETR") {
    const ScriptedServer server(answers({{"CAPA", "-ERR what\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    REQUIRE(mailbox.list());
    CHECK(fetched_uids(mailbox, {"a", "b", "c"}) == std::vector<std::string>{"a", "b", "c"});
    CHECK(server.was_asked("RETR 2"));
    CHECK(server.most_at_once() == 1);
}

TEST_CASE("pop3: a message that vanished is passed over") {
    const ScriptedServer server(answers({{"TOP 1 5", "+OK\r\none\r\n.\r\n"},
                                         {"TOP 2 5", "-ERR no such message\r\n"},
                                         {"TOP 3 5", "+OK\r\nthr\r\n.\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    CHECK(fetched_uids(mailbox, {"a", "b", "c"}) == std::vector<std::string>{"a", "c"});
}

TEST_CASE("pop3: without UIDL the remedy is IMAP") {
    const ScriptedServer server(answers({{"UIDL", "-ERR unknown command\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    const auto listing = mailbox.list();
    REQUIRE_FALSE(listing);
    CHECK(listing.error().remedy.find("IMAP") != std::string::npos);
}

TEST_CASE("pop3: what the server refused to delete at QUIT is told") {
    const ScriptedServer server(answers({{"QUIT", "-ERR some deleted messages not removed\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    const auto closed = mailbox.close();
    REQUIRE_FALSE(closed);
    CHECK(closed.error().text().find("not removed") != std::string::npos);
}

TEST_CASE("pop3: a listing that cannot be read is a protocol error with the server's URL") {
    const ScriptedServer server(answers({{GENERATE("UIDL", "LIST"), "+OK\r\nnonsense\r\n.\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    const auto listing = mailbox.list();
    REQUIRE_FALSE(listing);
    CHECK(listing.error().code == ErrorCode::protocol);
    CHECK(listing.error().where == server.endpoint().url);
}

TEST_CASE("connection: a server that lets nobody in now is unavailable, not a wrong password") {
    using Row = std::tuple<std::string, ErrorCode>;
    const auto [reply, code] = GENERATE(
        table<std::string, ErrorCode>({Row{"-ERR [SYS/TEMP] try again\r\n", ErrorCode::unavailable},
                                       Row{"-ERR [IN-USE] maildrop locked\r\n", ErrorCode::unavailable},
                                       Row{"-ERR [AUTH] no such user\r\n", ErrorCode::refused_login},
                                       Row{"-ERR swordfish is not the password\r\n", ErrorCode::refused_login}}));
    const ScriptedServer server(answers({{"PASS swordfish", reply}}));
    const auto connection = Connection::open(server.endpoint());
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == code);
    CHECK(connection.error().text().find("swordfish") == std::string::npos);
}

TEST_CASE("pop3: kept messages are stored, left on the server and not listed again") {
    const ScriptedServer server(answers({}));
    const Local local;
    {
        Pop3Mailbox mailbox(server.endpoint(), local.tree, Pop3Mailbox::Afterwards::keep);
        REQUIRE(mailbox.open(Access::change));
        CHECK(mailbox.list()->uids.size() == 3);
        REQUIRE(mailbox.file({{"Bounces"}, {"a", "b"}}));
        CHECK(mailbox.list()->uids == std::vector<std::string>{"c"});
        REQUIRE(mailbox.close());
    }
    CHECK(local.filed() == std::multiset<std::string>{"one\n", "two\n"});
    Pop3Mailbox again(server.endpoint(), local.tree, Pop3Mailbox::Afterwards::keep);
    REQUIRE(again.open(Access::change));
    CHECK(again.list()->uids == std::vector<std::string>{"c"});
    CHECK_FALSE(server.was_asked("DELE 1"));
}

TEST_CASE("pop3: where messages are kept, another one under an old UIDL is read") {
    const Local local;
    {
        const ScriptedServer server(answers({}));
        auto endpoint = server.endpoint();
        Pop3Mailbox mailbox(endpoint, local.tree, Pop3Mailbox::Afterwards::keep);
        REQUIRE(mailbox.open(Access::change));
        REQUIRE(mailbox.file({{"Bounces"}, {"a", "b", "c"}}));
        CHECK(mailbox.list()->uids.empty());
        REQUIRE(mailbox.wait(Duration{0}, -1));
        CHECK(mailbox.list()->uids.empty());
    }
    // The same account under the same name; another server, so its port is another one.
    for (const auto& entry : fs::directory_iterator(local.tree))
        if (entry.path().filename().string().starts_with("nixie-kept.")) {
            const auto kept = Pop3Kept::open(entry.path().string());
            REQUIRE(kept);
            CHECK(kept->has("a", 5));
            CHECK_FALSE(kept->has("a", 6));
        }
}

TEST_CASE("pop3: a message that is too long to be stored is told and left, and the others are filed") {
    const ScriptedServer server(answers({{"LIST", "+OK\r\n1 5\r\n2 5000000000\r\n3 5\r\n.\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    const auto filed = mailbox.file({{"Bounces"}, {"a", "b", "c"}});
    REQUIRE_FALSE(filed);
    CHECK(filed.error().code == ErrorCode::refused);
    CHECK_THAT(filed.error().what, Catch::Contains("5000000000"));
    CHECK(local.filed() == std::multiset<std::string>{"one\n", "thr\n"});
    CHECK_FALSE(server.was_asked("RETR 2"));
    CHECK_FALSE(server.was_asked("DELE 2"));
    CHECK(mailbox.list()->uids == std::vector<std::string>{"b"});
}

TEST_CASE("pop3: an empty message is stored too") {
    const ScriptedServer server(answers({{"RETR 1", "+OK\r\n.\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    REQUIRE(mailbox.file({{"Bounces"}, {"a"}}));
    CHECK(local.filed() == std::multiset<std::string>{""});
    CHECK(server.was_asked("DELE 1"));
}

TEST_CASE("pop3: many small messages in one packet are told apart") {
    Replies replies;
    std::string listing, sizes;
    std::vector<std::string> uids;
    for (int number = 1; number <= 60; ++number) {
        listing += std::to_string(number) + " u" + std::to_string(number) + "\r\n";
        sizes += std::to_string(number) + " 9\r\n";
        replies["RETR " + std::to_string(number)] = "+OK\r\nmail " + std::to_string(number) + "\r\n.\r\n";
        uids.push_back("u" + std::to_string(number));
    }
    replies["UIDL"] = "+OK\r\n" + listing + ".\r\n";
    replies["LIST"] = "+OK\r\n" + sizes + ".\r\n";
    const ScriptedServer server(answers(replies));
    const Local local;
    auto mailbox = opened(server, local);
    REQUIRE(mailbox.file({{"Bounces"}, uids}));
    const auto filed = local.filed();
    CHECK(filed.size() == 60);
    CHECK(filed.contains("mail 42\n"));
}

TEST_CASE("pop3: the pause between logins that the server wants is kept") {
    const ScriptedServer server(answers({{"CAPA", "+OK\r\nUIDL\r\nUSER\r\nLOGIN-DELAY 1 USER\r\n.\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    const auto begin = std::chrono::steady_clock::now();
    CHECK(mailbox.wait(Duration{0}, -1).value() == Wake::timeout);
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds(1));
}

TEST_CASE("pop3: each response code has its own consequence") {
    struct Row {
        std::string reply;
        ErrorCode code;
        std::string remedy;
        bool waits;
    };
    const auto row = GENERATE(values<Row>({
        {"-ERR [SYS/TEMP] disk is slow", ErrorCode::unavailable, "later", false},
        {"-ERR [SYS/PERM] maildrop is broken", ErrorCode::unavailable, "run the server", true},
        {"-ERR [IN-USE] other session", ErrorCode::unavailable, "other session", false},
        {"-ERR [AUTH] expired", ErrorCode::refused_login, "", false},
        {"-ERR please wait 2 minutes", ErrorCode::unavailable, "later", true},
    }));
    CAPTURE(row.reply);
    const ScriptedServer server(answers({{"STAT", row.reply + "\r\n"}}));
    const Local local;
    auto mailbox = opened(server, local);
    const auto info = mailbox.inspect();
    REQUIRE_FALSE(info);
    CHECK(info.error().code == row.code);
    CHECK_THAT(info.error().remedy, Catch::Contains(row.remedy));
    CHECK(info.error().wait.has_value() == row.waits);
}

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

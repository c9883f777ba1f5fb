#include "mailbox/imap/session.hpp"

#include <catch2/catch.hpp>

#include "unit/mailbox/imap/script.hpp"

using namespace nixie;

namespace {

struct Fixture {
    std::shared_ptr<ImapScript> script = std::make_shared<ImapScript>();
    std::vector<std::string> log;
    ImapSession session{std::make_unique<ScriptedStream>(script),
                        [this](std::string_view text) { log.emplace_back(text); }};
};

std::vector<ImapCommand> commands(int count) {
    std::vector<ImapCommand> out;
    for (int i = 0; i < count; ++i) out.emplace_back("X" + std::to_string(i));
    return out;
}

} // namespace

TEST_CASE_METHOD(Fixture, "imap session: answers may come in any order") {
    script->on("X0", {""}).on("X1", {""}).on("X2", {"n3 OK c\r\n* 5 EXISTS\r\nn1 NO a\r\nn2 OK b\r\n"});
    int untagged = 0;
    const auto answers = session.run_all(commands(3), [&](ImapResponse&) -> Result<void> {
        ++untagged;
        return {};
    });
    REQUIRE(answers);
    CHECK(answers.value()[0].text == "a");
    CHECK(answers.value()[1].text == "b");
    CHECK(answers.value()[2].text == "c");
    CHECK(untagged == 1);
}

TEST_CASE_METHOD(Fixture, "imap session: commands are pipelined, but not without a bound") {
    script->on("X", {""});
    CHECK_FALSE(session.run_all(commands(1000)));
    CHECK(script->asked.size() > 30); // all folders are made and filled at once
    CHECK(script->asked.size() < 300);
}

TEST_CASE_METHOD(Fixture, "imap session: a literal waits for the server") {
    script->on("CREATE", {"+ go on\r\n"}).on("\xC3\xBC", {"%t OK made\r\n"});
    const auto answer = session.run(ImapCommand("CREATE ").string("\xC3\xBC"));
    REQUIRE(answer);
    CHECK(answer->text == "made");
    CHECK(script->asked == std::vector<std::string>{"CREATE {2}", "\xC3\xBC"});
}

TEST_CASE_METHOD(Fixture, "imap session: LITERAL+ does not wait") {
    script->on("CAPABILITY", {"* CAPABILITY LITERAL+\r\n%t OK\r\n"}).on("CREATE", {""});
    REQUIRE(session.run(ImapCommand("CAPABILITY")));
    REQUIRE(session.run(ImapCommand("CREATE ").string("\xC3\xBC").text(" x")));
    CHECK(script->asked == std::vector<std::string>{"CAPABILITY", "CREATE {2+}", "\xC3\xBC x"});
}

TEST_CASE_METHOD(Fixture, "imap session: a literal refused is an answer") {
    script->on("CREATE", {"%t NO [LIMIT] too long\r\n"});
    const auto answer = session.run(ImapCommand("CREATE ").string("\xC3\xBC"));
    REQUIRE(answer);
    CHECK(answer->code == "LIMIT");
    CHECK(session.run(ImapCommand("NOOP")));
}

TEST_CASE_METHOD(Fixture, "imap session: BYE ends it and says why") {
    script->on("NOOP", {"* BYE going down\r\n"});
    const auto answer = session.run(ImapCommand("NOOP"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
    CHECK(answer.error().what.find("going down") != std::string::npos);
    CHECK(session.broken());
}

TEST_CASE_METHOD(Fixture, "imap session: an alert reaches the log") {
    script->on("NOOP", {"* OK [ALERT] disk \x1b full\r\n%t OK\r\n"});
    REQUIRE(session.run(ImapCommand("NOOP")));
    REQUIRE(log.size() == 1);
    CHECK(log[0] == "the server says: disk full");
}

TEST_CASE_METHOD(Fixture, "imap session: a warning reaches the log") {
    script->on("NOOP", {"* NO disk nearly full\r\n%t OK\r\n"});
    REQUIRE(session.run(ImapCommand("NOOP")));
    CHECK(log == std::vector<std::string>{"the server warns: disk nearly full"});
}

TEST_CASE_METHOD(Fixture, "imap session: an answer to nothing breaks the protocol") {
    script->on("NOOP", {GENERATE(as<std::string>{}, "other OK\r\n", "+ more\r\n", "* X )\r\n")});
    const auto answer = session.run(ImapCommand("NOOP"));
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::protocol);
}

TEST_CASE_METHOD(Fixture, "imap session: arrivals are announcements of more messages") {
    const auto [untagged, arrivals, exists] = GENERATE(table<std::string, bool, std::uint64_t>({
        {"* 4 EXISTS\r\n", true, 4},
        {"* 3 EXISTS\r\n", false, 3},
        {"* 1 EXPUNGE\r\n* 3 EXISTS\r\n", true, 3},
        {"* 1 EXPUNGE\r\n* 2 EXISTS\r\n", false, 2},
        {"* 3 FETCH (FLAGS (\\Seen))\r\n", false, 3},
    }));
    script->on("SELECT", {"* 3 EXISTS\r\n%t OK\r\n"}).on("NOOP", {untagged + "%t OK\r\n"});
    REQUIRE(session.run(ImapCommand("SELECT x")));
    session.forget_arrivals();
    REQUIRE(session.run(ImapCommand("NOOP")));
    CHECK(session.arrivals() == arrivals);
    CHECK(session.exists() == exists);
}

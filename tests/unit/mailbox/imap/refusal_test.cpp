#include "mailbox/imap/refusal.hpp"

#include <catch2/catch.hpp>

#include <tuple>

using namespace nixie;

namespace {

ImapResponse response(std::string line) {
    ImapParser parser;
    line += "\r\n";
    std::string_view bytes = line;
    auto parsed = parser.next(bytes);
    REQUIRE(parsed);
    REQUIRE(*parsed);
    return std::move(**parsed);
}

constexpr long none = 0; ///< the server names no time, and none is usual

} // namespace

TEST_CASE("imap refusal: each answer has its own consequence") {
    const auto [verb, answer, code, wait] = GENERATE(table<std::string, std::string, ErrorCode, long>({
        {"UID MOVE 1 ", "NO [OVERQUOTA] Quota exceeded (mailbox for user is full)", ErrorCode::no_room, 900},
        {"CREATE ", "NO [OVERQUOTA] full", ErrorCode::no_room, 900},
        {"UID COPY 1 ", "NO Over quota", ErrorCode::no_room, 900},
        {"UID FETCH 1 ", "NO [OVERQUOTA] Account exceeded command or bandwidth limits.", ErrorCode::unavailable, 3600},
        {"UID FETCH 1 ", "NO [THROTTLED] slow down", ErrorCode::unavailable, 300},
        {"UID FETCH 1 ", "BAD Request is throttled. Suggested Backoff Time: 299985 milliseconds",
         ErrorCode::unavailable, 300},
        {"UID FETCH 1 ", "NO [LIMIT] UID FETCH Rate limit hit.", ErrorCode::refused, 300},
        {"CREATE ", "NO [LIMIT] too many mailboxes", ErrorCode::refused, 900},
        {"SELECT ", "NO [UNAVAILABLE] backend down", ErrorCode::unavailable, none},
        {"SELECT ", "NO [INUSE] Mailbox in use", ErrorCode::unavailable, 60},
        {"SELECT ", "BAD User is authenticated but not connected.", ErrorCode::unavailable, 60},
        {"UID SEARCH ", "BAD Command received in Invalid state.", ErrorCode::unavailable, none},
        {"SELECT ", "NO Server Unavailable. 15", ErrorCode::unavailable, none},
        {"UID MOVE 1 ", "NO [SERVERBUG] Internal error occurred.", ErrorCode::refused, none},
        {"UID MOVE 1 ", "NO [NOPERM] Permission denied", ErrorCode::forbidden, none},
        {"UID MOVE 1 ", "NO Permission denied", ErrorCode::forbidden, none},
        {"UID MOVE 1 ", "NO [READ-ONLY] sorry", ErrorCode::forbidden, none},
        {"UID MOVE 1 ", "NO Mailbox is read-only", ErrorCode::forbidden, none},
        {"UID MOVE 1 ", "NO [TRYCREATE] no such mailbox", ErrorCode::refused, none},
        {"CREATE ", "NO [CANNOT] bad name", ErrorCode::refused, none},
        {"SELECT ", "NO [CORRUPTION] index damaged", ErrorCode::unavailable, 600},
        {"SELECT ", "NO [AUTHENTICATIONFAILED] Invalid credentials", ErrorCode::refused_login, none},
        {"SELECT ", "NO [EXPIRED] password", ErrorCode::refused_login, none},
        {"SELECT ", "NO [WEBALERT https://g.example/x] Web login required.", ErrorCode::refused_login, none},
        {"SELECT ", "NO [PRIVACYREQUIRED] TLS", ErrorCode::config, none},
        {"UID MOVE 1 ", "NO something else", ErrorCode::refused, none},
        {"UID MOVE 1 ", "NO [X-NEW] something else", ErrorCode::refused, none},
        {"UID MOVE 1 ", "BAD Error in IMAP command", ErrorCode::protocol, none},
    }));
    CAPTURE(answer);
    const Error error = refusal(ImapCommand(verb).string("x"), response("n1 " + answer));
    CHECK(error.code == code);
    CHECK(error.wait.value_or(Duration{none}).count() == wait);
}

TEST_CASE("imap refusal: names command, answer and remedy") {
    const Error known =
        refusal(ImapCommand("UID MOVE 1:5 ").string("x"), response("n1 NO [OVERQUOTA] no \x1b more room."));
    CHECK(known.text() ==
          "the server refuses UID MOVE: NO [OVERQUOTA] no more room; "
          "make room in the mailbox or raise its quota");
    CHECK(refusal(ImapCommand("NOOP"), response("n1 BAD what?")).text() == "the server refuses NOOP: BAD what?");
}

TEST_CASE("imap farewell: the connection is gone, whatever the reason; the wait is kept") {
    const auto [bye, code, wait] = GENERATE(table<std::string, ErrorCode, long>({
        {"Connection is closed. 13", ErrorCode::unavailable, none},
        {"Session invalidated - AccessTokenExpired", ErrorCode::unavailable, none},
        {"[ALERT] Account exceeded command or bandwidth limits. (Failure)", ErrorCode::unavailable, 3600},
        {"[OVERQUOTA] full", ErrorCode::unavailable, 900},
        {"[INUSE] Mailbox lock taken away", ErrorCode::unavailable, 60},
        {"Request is throttled. Suggested Backoff Time: 9000 milliseconds", ErrorCode::unavailable, 9},
        {"[AUTHENTICATIONFAILED] token revoked", ErrorCode::refused_login, none},
    }));
    CAPTURE(bye);
    const Error error = farewell(response("* BYE " + bye));
    CHECK(error.code == code);
    CHECK(error.wait.value_or(Duration{none}).count() == wait);
    CHECK(error.what.find("the server ends the session: ") == 0);
}

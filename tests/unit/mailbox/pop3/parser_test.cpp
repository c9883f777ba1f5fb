#include "mailbox/pop3/parser.hpp"

#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

constexpr std::size_t unlimited = 1'000'000;

struct Body {
    std::string bytes;
    std::size_t size = 0;
};

/// What the parser makes of one reply with a body that comes in pieces of `step` bytes.
Body parse_body(const std::string& input, std::size_t limit, std::size_t step) {
    Pop3Parser parser;
    parser.expect_body(limit);
    for (std::size_t at = 0; at < input.size(); at += step) REQUIRE(parser.feed(input.substr(at, step)));
    auto reply = parser.next();
    REQUIRE(reply);
    CHECK(reply->ok);
    CHECK_FALSE(parser.next());
    return {reply->body, reply->body_size};
}

} // namespace

TEST_CASE("pop3 parser: a body loses its stuffing and nothing else, however the input is split") {
    using Row = std::tuple<std::string, std::string>;
    const auto [sent, body] = GENERATE(table<std::string, std::string>({
        Row{".\r\n", ""},
        Row{"\r\n.\r\n", "\r\n"},
        Row{"a\r\n.\r\n", "a\r\n"},
        Row{"..\r\n.\r\n", ".\r\n"},
        Row{"...\r\n..a\r\n.\r\n", "..\r\n.a\r\n"},
        Row{".a\r\n.\r\n", "a\r\n"},
        Row{"a\n.\nb\r\n.\r\n", "a\n.\nb\r\n"},
        Row{"a\r.\rb\r\n.\r\n", "a\r.\rb\r\n"},
        Row{"a\r\r\n.\r\n", "a\r\r\n"},
        Row{".\rb\r\n.\r\n", "\rb\r\n"},
        Row{".\r\r\n.\r\n", "\r\r\n"},
        Row{"+OK no reply\r\n-ERR\r\n.\r\n", "+OK no reply\r\n-ERR\r\n"},
    }));
    const std::string input = "+OK 10 octets\r\n" + sent;
    for (std::size_t step = 1; step <= input.size(); ++step) {
        CAPTURE(sent, step);
        CHECK(parse_body(input, unlimited, step).bytes == body);
    }
}

TEST_CASE("pop3 parser: of a long body only the limit is kept and all is counted") {
    const std::string input = "+OK\r\n0123456789\r\n..\r\n.\r\n";
    const auto step = GENERATE(1U, 3U, 100U);
    const auto body = parse_body(input, 4, step);
    CHECK(body.bytes == "0123");
    CHECK(body.size == 15);
}

TEST_CASE("pop3 parser: pipelined replies come in order, and an error has no body") {
    const std::string input = "+OK 1 5\r\n+OK\r\nbody\r\n.\r\n-ERR no such message\r\n+OK bye\r\n";
    const std::size_t step = GENERATE(1U, 2U, 7U, 100U);
    Pop3Parser parser;
    parser.expect_line();
    parser.expect_body(unlimited);
    parser.expect_body(unlimited);
    parser.expect_line();
    std::vector<std::tuple<bool, std::string, std::string>> replies;
    for (std::size_t at = 0; at < input.size(); at += step) {
        REQUIRE(parser.feed(input.substr(at, step)));
        while (auto reply = parser.next()) replies.emplace_back(reply->ok, reply->text, reply->body);
    }
    CHECK(replies == std::vector<std::tuple<bool, std::string, std::string>>{
                         {true, "1 5", ""}, {true, "", "body\r\n"}, {false, "no such message", ""}, {true, "bye", ""}});
}

TEST_CASE("pop3 parser: what is no POP3 is a protocol error") {
    const auto input =
        GENERATE(as<std::string>(), "* OK IMAP\r\n", "\r\n", "+OK\r\n+OK not asked for\r\n", std::string(10'000, '+'));
    const std::size_t step = GENERATE(1U, 100'000U);
    Pop3Parser parser;
    parser.expect_line();
    Result<void> fed;
    for (std::size_t at = 0; at < input.size() && fed; at += step) fed = parser.feed(input.substr(at, step));
    REQUIRE_FALSE(fed);
    CHECK(fed.error().code == ErrorCode::protocol);
}

TEST_CASE("pop3 parser: a sink gets the body as it comes, and its error ends the reading") {
    const std::string input = "+OK\r\n..a\r\nb\r\n.\r\n";
    const auto step = GENERATE(1U, 3U, 100U);
    std::string got;
    Pop3Parser parser;
    parser.expect_body([&](std::string_view bytes) -> Result<void> {
        got += bytes;
        return {};
    });
    for (std::size_t at = 0; at < input.size(); at += step) REQUIRE(parser.feed(input.substr(at, step)));
    const auto reply = parser.next();
    REQUIRE(reply);
    CHECK(got == ".a\r\nb\r\n");
    CHECK(reply->body.empty());
    CHECK(reply->body_size == got.size());

    Pop3Parser full;
    full.expect_body([](std::string_view) -> Result<void> { return Error{ErrorCode::output, "disk full"}; });
    const auto fed = full.feed(input);
    REQUIRE_FALSE(fed);
    CHECK(fed.error().code == ErrorCode::output);
}

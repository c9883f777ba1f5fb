#include "mailbox/imap/parser.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

struct Parsed {
    std::vector<ImapResponse> responses;
    std::string error;

    bool operator==(const Parsed&) const = default;
};

/// Hands the parts to one parser, one after the other.
Parsed parse(const std::vector<std::string_view>& parts, ImapLimits limits = {}) {
    ImapParser parser(limits);
    Parsed parsed;
    for (std::string_view part : parts) {
        while (!part.empty()) {
            auto response = parser.next(part);
            if (!response) {
                parsed.error = response.error().what;
                return parsed;
            }
            if (*response) parsed.responses.push_back(**response);
        }
    }
    return parsed;
}

ImapResponse parse_one(std::string_view bytes) {
    auto parsed = parse({bytes});
    INFO(bytes << parsed.error);
    REQUIRE(parsed.responses.size() == 1);
    return parsed.responses.front();
}

ImapValue atom(std::string text) { return {ImapValue::Kind::atom, std::move(text), {}}; }
ImapValue string(std::string text) { return {ImapValue::Kind::string, std::move(text), {}}; }
ImapValue nil() { return {ImapValue::Kind::nil, "NIL", {}}; }
ImapValue list(std::vector<ImapValue> items) { return {ImapValue::Kind::list, "", std::move(items)}; }

/// One of everything, with literals that hold what looks like the protocol.
const std::string session =
    "* CAPABILITY IMAP4rev1 IDLE AUTH=PLAIN\r\n"
    "n1 OK [CAPABILITY IMAP4rev1 MOVE] Logged in\r\n"
    "* NAMESPACE ((\"INBOX.\" \".\")) NIL NIL\r\n"
    "* FLAGS (\\Answered foo[bar \\Seen)\r\n"
    "* OK [PERMANENTFLAGS (\\Deleted \\*)] Flags {12}\r\n"
    "* 3 EXISTS\r\n"
    "* SEARCH 4 5 4294967295\r\n"
    "* ESEARCH (TAG \"n4\") UID ALL 1:3,5\r\n"
    "* LIST (\\HasNoChildren) \"/\" {7}\r\na\"b\r\nc)\r\n"
    "* 1 FETCH (UID 7 RFC822.SIZE 44 INTERNALDATE \" 1-Feb-2026 03:04:05 +0000\" "
    "BODY[]<0> {23}\r\nn2 OK done\r\n* BYE {9}\r\n FLAGS (\\Seen))\r\n"
    "* 2 FETCH (BODY[HEADER.FIELDS (DATE \"X\")] {0}\r\n UID 8 BINARY[1] ~{4}\r\na)b\n)\r\n"
    "+ idling\r\n+\r\n"
    "n3 NO [TRYCREATE] no such folder\r\n"
    "* BYE\r\n";

} // namespace

TEST_CASE("imap parser: status responses have code, argument and text") {
    const auto response = parse_one("n7 NO [BADCHARSET (\"a]b\" UTF-8)] not this one\r\n");
    CHECK(response.kind == ImapResponse::Kind::tagged);
    CHECK(response.tag == "n7");
    CHECK(response.name == "NO");
    CHECK(response.code == "BADCHARSET");
    CHECK(response.code_argument == "(\"a]b\" UTF-8)");
    CHECK(response.text == "not this one");
}

TEST_CASE("imap parser: a text is never taken for data") {
    const auto text = GENERATE(as<std::string>{}, "{5}", "(", "\"", "[open", "a [b] c", "~{3}");
    const auto response = parse_one("* OK " + text + "\r\n");
    CHECK(response.text == text);
    CHECK(response.code.empty());
}

TEST_CASE("imap parser: values of every kind") {
    const auto response = parse_one("* 12 fetch (UID 7 X (nil \"q\\\"\\\\\" {2}\r\n)( ) Y NILS)\r\n");
    CHECK(response.name == "FETCH");
    CHECK(response.number == 12);
    CHECK(response.values == std::vector{list({atom("UID"), atom("7"), atom("X"),
                                               list({{ImapValue::Kind::nil, "nil", {}}, string("q\"\\"), string(")(")}),
                                               atom("Y"), atom("NILS")})});
}

TEST_CASE("imap parser: a section may hold spaces, a flag or folder a bracket") {
    CHECK(parse_one("* 1 FETCH (BODY[HEADER.FIELDS (A B)]<0> NIL FLAGS (a[b c))\r\n").values ==
          std::vector{
              list({atom("BODY[HEADER.FIELDS (A B)]<0>"), nil(), atom("FLAGS"), list({atom("a[b"), atom("c")})})});
    CHECK(parse_one("* LIST () NIL BODY[x\r\n").values == std::vector{list({}), nil(), atom("BODY[x")});
}

TEST_CASE("imap parser: SEARCH gives numbers, with CONDSTORE a list as well") {
    const auto response = parse_one("* SEARCH 2 5 (MODSEQ 917)\r\n");
    CHECK(response.numbers == std::vector<std::uint32_t>{2, 5});
    CHECK(response.values.size() == 1);
    CHECK(parse_one("* SEARCH\r\n").numbers.empty());
}

TEST_CASE("imap parser: a recorded session reads the same in one piece, in two, and byte by byte") {
    const auto whole = parse({session});
    REQUIRE(whole.error.empty());
    REQUIRE(whole.responses.size() == 15);
    CHECK(whole.responses[9].values[0].items[7].text == "n2 OK done\r\n* BYE {9}\r\n");
    const std::string_view view = session;
    for (std::size_t at = 0; at <= view.size(); ++at) {
        INFO("split at " << at);
        REQUIRE(parse({view.substr(0, at), view.substr(at)}) == whole);
    }
    std::vector<std::string_view> bytes;
    for (std::size_t at = 0; at < view.size(); ++at) bytes.push_back(view.substr(at, 1));
    CHECK(parse(bytes) == whole);
}

TEST_CASE("imap parser: line ends with LF alone and empty lines are tolerated") {
    CHECK(parse({"* 3 EXISTS\n\r\n* 4 EXISTS\r\n"}).responses.size() == 2);
}

TEST_CASE("imap parser: what breaks the protocol is an error") {
    const auto bytes = GENERATE(as<std::string>{}, "* 1 FETCH (UID 7\r\n", "* FLAGS a)\r\n", "* X \"open\r\n",
                                "* X {12\r\n", "* X {a}\r\n", "* X {1} \r\n", "* X {99999999999999999999}\r\n",
                                "* SEARCH 5 six\r\n", "* SEARCH 4294967296\r\n", "n1 FETCH ()\r\n", "*\r\n", "* 5\r\n",
                                " * OK\r\n", "* X a\rb\r\n", "* 1 FETCH (BODY[TEXT NIL)\r\n", "* X {}\r\n");
    INFO(bytes);
    CHECK_FALSE(parse({bytes}).error.empty());
}

TEST_CASE("imap parser: memory is bounded") {
    ImapLimits limits;
    limits.line = 40;
    limits.literals = 10;
    limits.values = 4;
    limits.depth = 3;
    const auto [bytes, fits] = GENERATE(table<std::string, bool>({
        {"* OK " + std::string(33, 'x') + "\r\n", true},
        {"* OK " + std::string(34, 'x') + "\r\n", false},
        {"* X {10}\r\n0123456789\r\n", true},
        {"* X {11}\r\n", false},
        {"* X {5}\r\n01234 {6}\r\n", false},
        {"* X a b c d\r\n", true},
        {"* X a b c d e\r\n", false},
        {"* X (a ((b\r\n", false},
        {"* X (((a)))\r\n", true},
        {"* X ((((", false},
        {"* X () () () () ()\r\n", false},
    }));
    INFO(bytes);
    CHECK(parse({bytes}, limits).error.empty() == fits);
}

TEST_CASE("imap parser: an error stays") {
    ImapParser parser;
    std::string_view bad = "* X )\r\n";
    REQUIRE_FALSE(parser.next(bad));
    std::string_view good = "* 1 EXISTS\r\n";
    CHECK_FALSE(parser.next(good));
}

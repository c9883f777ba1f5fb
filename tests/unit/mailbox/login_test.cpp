#include "mailbox/login.hpp"

#include <algorithm>
#include <map>
#include <memory>

#include <catch2/catch.hpp>

#include "mailbox/connection.hpp"
#include "support/scripted_server.hpp"

using namespace nixie;

namespace {

/// An IMAP server: answers by command without its tag; "$" in an answer stands for the tag.
ScriptedServer imap_server(std::map<std::string, std::string> answers,
                           const std::string& greeting = "* OK [CAPABILITY IMAP4rev1] ready\r\n") {
    return ScriptedServer(
        [answers = std::move(answers), tag = std::string()](const std::string& line) mutable {
            const auto space = line.find(' ');
            if (space != std::string::npos) tag = line.substr(0, space); // else what a mechanism adds
            const auto found = answers.find(space == std::string::npos ? line : line.substr(space + 1));
            std::string out = found == answers.end() ? "$ OK\r\n" : found->second;
            for (std::size_t at; (at = out.find('$')) != std::string::npos;) out.replace(at, 1, tag);
            return out;
        },
        greeting);
}

ScriptedServer pop3_server(std::map<std::string, std::string> answers) {
    return ScriptedServer([answers = std::move(answers)](const std::string& line) {
        const auto found = answers.find(line);
        return found == answers.end() ? std::string("+OK\r\n") : found->second;
    });
}

std::string capability(const std::string& words) { return "* CAPABILITY IMAP4rev1 " + words + "\r\n$ OK done\r\n"; }

std::size_t count_of(const ScriptedServer& server, const std::string& beginning) {
    const auto asked = server.asked();
    return static_cast<std::size_t>(std::count_if(asked.begin(), asked.end(), [&](const std::string& line) {
        return line.find(beginning) != std::string::npos;
    }));
}

/// Whether anything was sent from which someone could learn the password.
bool password_was_sent(const ScriptedServer& server) {
    for (const char* word : {"LOGIN", "AUTH", "USER", "PASS", "APOP", "swordfish"})
        if (count_of(server, word) != 0) return true;
    return false;
}

TokenProvider tokens(std::vector<std::string> each, std::shared_ptr<std::vector<std::string>> refused) {
    return [each = std::move(each), refused](const std::string& last) -> Result<std::string> {
        refused->push_back(last);
        return each.at(std::min(refused->size(), each.size()) - 1);
    };
}

} // namespace

TEST_CASE("STARTTLS: a server that hides, refuses or floods it gets no password") {
    struct Row {
        std::string scheme, capabilities, answer;
    };
    const auto row = GENERATE(values<Row>({
        {"imap", "AUTH=PLAIN", ""},
        {"imap", "STARTTLS AUTH=PLAIN", "$ NO not now\r\n"},
        {"imap", "STARTTLS AUTH=PLAIN", "$ OK begin\r\n* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n"},
        {"imap", "STARTTLS AUTH=PLAIN", "$ OK begin\r\n$ OK logged in\r\n"},
        {"pop3", "SASL PLAIN\r\nUSER", ""},
        {"pop3", "STLS\r\nSASL PLAIN\r\nUSER", "-ERR not now\r\n"},
        {"pop3", "STLS\r\nSASL PLAIN\r\nUSER", "+OK begin\r\n+OK\r\nSASL PLAIN\r\n.\r\n"},
    }));
    CAPTURE(row.scheme, row.capabilities, row.answer);
    const auto imap = imap_server({{"CAPABILITY", capability(row.capabilities)}, {"STARTTLS", row.answer}});
    const auto pop3 = pop3_server({{"CAPA", "+OK\r\n" + row.capabilities + "\r\n.\r\n"}, {"STLS", row.answer}});
    const ScriptedServer& server = row.scheme == "imap" ? imap : pop3;
    auto endpoint = server.endpoint(row.scheme);
    endpoint.tls = Tls::starttls;
    const auto connection = Connection::open(endpoint);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::unavailable);
    CHECK_FALSE(password_was_sent(server));
    if (row.answer.empty()) CHECK(connection.error().what.find("STARTTLS") != std::string::npos);
}

TEST_CASE("STARTTLS: a greeting that claims we are logged in already does not get around it") {
    const auto server = imap_server({{"CAPABILITY", capability("STARTTLS")}}, "* PREAUTH welcome\r\n");
    auto endpoint = server.endpoint("imap");
    endpoint.tls = Tls::starttls;
    CHECK_FALSE(Connection::open(endpoint));
    CHECK_FALSE(password_was_sent(server));
}

TEST_CASE("login: what the server does not offer is told with what it offers") {
    struct Row {
        std::string capabilities, mechanism;
        bool token;
        std::string wanted, offered;
    };
    const auto row = GENERATE(values<Row>({
        {"AUTH=PLAIN AUTH=LOGIN", "CRAM-MD5", false, "no CRAM-MD5", "PLAIN, LOGIN, the LOGIN command"},
        {"AUTH=PLAIN LOGINDISABLED", "", true, "no OAUTHBEARER or XOAUTH2", "it offers PLAIN"},
        {"AUTH=GSSAPI LOGINDISABLED", "", false, "by password", "it offers GSSAPI"},
        {"LOGINDISABLED", "PLAIN", false, "no PLAIN", "it offers nothing"},
    }));
    const auto server = imap_server({{"CAPABILITY", capability(row.capabilities)}});
    auto endpoint = server.endpoint("imap");
    endpoint.mechanism = row.mechanism;
    if (row.token) endpoint.token = [](const std::string&) -> Result<std::string> { return std::string("t0ken"); };
    const auto connection = Connection::open(endpoint);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::refused_login);
    CHECK_THAT(connection.error().what, Catch::Contains(row.wanted) && Catch::Contains(row.offered));
    CHECK_FALSE(password_was_sent(server));
}

TEST_CASE("login: without a mechanism that fits the plain command of the protocol is used") {
    SECTION("IMAP") {
        const auto server = imap_server({{"CAPABILITY", capability("")}});
        CHECK(Connection::open(server.endpoint("imap")));
        CHECK(count_of(server, "LOGIN someone swordfish") == 1);
    }
    SECTION("POP3") {
        const auto server = pop3_server({{"CAPA", "-ERR what\r\n"}});
        CHECK(Connection::open(server.endpoint()));
        CHECK(count_of(server, "PASS swordfish") == 1);
    }
    SECTION("CRAM-MD5 comes first") {
        const auto server = pop3_server(
            {{"CAPA", "+OK\r\nUSER\r\nSASL GSSAPI CRAM-MD5\r\n.\r\n"}, {"AUTH CRAM-MD5", "+ PDEyMzRAeD4=\r\n"}});
        CHECK(Connection::open(server.endpoint()));
        CHECK(count_of(server, "PASS") == 0);
    }
}

TEST_CASE("login: PLAIN is preferred to CRAM-MD5 and GSSAPI, for which accounts often lack the secret") {
    const auto server = imap_server(
        {{"CAPABILITY", capability("AUTH=GSSAPI AUTH=CRAM-MD5 AUTH=PLAIN")}, {"AUTHENTICATE PLAIN", "+ \r\n"}});
    CHECK(Connection::open(server.endpoint("imap")));
    CHECK(count_of(server, "AUTHENTICATE PLAIN") == 1);
}

TEST_CASE("login: over POP3 a token follows the server's go-ahead, as Office 365 wants it") {
    const auto server =
        pop3_server({{"CAPA", "+OK\r\nUSER\r\nSASL PLAIN XOAUTH2\r\n.\r\n"}, {"AUTH XOAUTH2", "+ \r\n"}});
    auto endpoint = server.endpoint();
    endpoint.token = [](const std::string&) -> Result<std::string> { return std::string("t0ken"); };
    CHECK(Connection::open(endpoint));
    const auto asked = server.asked();
    REQUIRE(asked.size() >= 3);
    CHECK(asked[1] == "AUTH XOAUTH2");
    CHECK(asked[2] == "dXNlcj1zb21lb25lAWF1dGg9QmVhcmVyIHQwa2VuAQE="); // user=someone^Aauth=Bearer t0ken^A^A
}

TEST_CASE("login: a refused token is renewed once, and the same one is not tried again") {
    struct Row {
        std::vector<std::string> tokens;
        std::size_t attempts;
    };
    const auto row =
        GENERATE(values<Row>({{{"old", "new"}, 2}, {{"old", "newer", "newest"}, 2}, {{"same", "same"}, 1}}));
    const auto server =
        pop3_server({{"CAPA", "+OK\r\nSASL XOAUTH2\r\n.\r\n"}, {"AUTH XOAUTH2", "-ERR [AUTH] token refused\r\n"}});
    auto endpoint = server.endpoint();
    const auto refused = std::make_shared<std::vector<std::string>>();
    endpoint.token = tokens(row.tokens, refused);
    const auto connection = Connection::open(endpoint);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::refused_login);
    CHECK(count_of(server, "AUTH XOAUTH2") == row.attempts);
    CHECK(*refused == std::vector<std::string>{"", row.tokens[0]});
}

TEST_CASE("login: a token is not renewed because the server is busy") {
    const auto server =
        pop3_server({{"CAPA", "+OK\r\nSASL XOAUTH2\r\n.\r\n"}, {"AUTH XOAUTH2", "-ERR [SYS/TEMP] later\r\n"}});
    auto endpoint = server.endpoint();
    const auto refused = std::make_shared<std::vector<std::string>>();
    endpoint.token = tokens({"old", "new"}, refused);
    CHECK(Connection::open(endpoint).error().code == ErrorCode::unavailable);
    CHECK(refused->size() == 1);
}

TEST_CASE("login: each response code has its own consequence") {
    struct Row {
        std::string reply;
        ErrorCode code;
        std::string word;
        bool waits;
    };
    const auto row = GENERATE(values<Row>({
        {"NO [AUTHENTICATIONFAILED] no", ErrorCode::refused_login, "refused", false},
        {"NO [UNAVAILABLE] no", ErrorCode::unavailable, "cannot check", false},
        {"NO [INUSE] no", ErrorCode::unavailable, "another session", true},
        {"NO [LIMIT] no", ErrorCode::unavailable, "too many", true},
        {"NO [EXPIRED] no", ErrorCode::refused_login, "expired", false},
        {"NO [PRIVACYREQUIRED] no", ErrorCode::config, "TLS only", false},
        {"NO [ALERT] Too many login failures. Try again in 5 minutes", ErrorCode::unavailable, "in 5 minutes", true},
        {"BAD no", ErrorCode::refused_login, "refused", false},
    }));
    CAPTURE(row.reply);
    const auto server =
        imap_server({{"CAPABILITY", capability("AUTH=PLAIN")}, {"AUTHENTICATE PLAIN", "$ " + row.reply + "\r\n"}});
    const auto connection = Connection::open(server.endpoint("imap"));
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == row.code);
    CHECK_THAT(connection.error().what, Catch::Contains(row.word) && Catch::Contains("tried PLAIN"));
    CHECK(connection.error().wait.has_value() == row.waits);
    CHECK(count_of(server, "AUTHENTICATE") == 1);
}

TEST_CASE("login: the server's own words are shown, but never with a secret in them") {
    using Row = std::tuple<std::string, bool>;
    const auto [words, shown] = GENERATE(table<std::string, bool>({
        Row{"Application-specific password required", true},
        Row{"swordfish is wrong", false},
        Row{"unknown command AHNvbWVvbmUAc3dvcmRmaXNo", false},
    }));
    const auto server =
        imap_server({{"CAPABILITY", capability("AUTH=PLAIN")}, {"AUTHENTICATE PLAIN", "$ NO " + words + "\r\n"}});
    const auto text = Connection::open(server.endpoint("imap")).error().text();
    CHECK((text.find(words) != std::string::npos) == shown);
}

TEST_CASE("login: endless announcements are not remembered") {
    LoginTrace trace;
    std::string line = "* CAPABILITY";
    for (int i = 0; i < 10'000; ++i) line += " AUTH=" + std::string(100, 'x') + std::to_string(i);
    trace.received(line);
    CHECK(trace.offered().size() <= 32);
    CHECK(trace.offered().front().size() <= 32);
    CHECK(trace.last_reply().size() <= 4096);
}

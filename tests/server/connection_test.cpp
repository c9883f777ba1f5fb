#include "mailbox/connection.hpp"

#include <catch2/catch.hpp>

#include "support/dovecot.hpp"

using namespace nixie;

namespace {

/// In the way `scheme` and `tls` say together.
Endpoint endpoint(const std::string& scheme, Tls tls) {
    const auto& server = Dovecot::with({"--tls"});
    Endpoint out = server.endpoint(scheme, "someone");
    if (tls == Tls::starttls) out.url.replace(out.url.find("127.0.0.1"), 9, "localhost");
    out.tls = tls;
    out.ca_file = server.ca_file();
    return out;
}

std::string answer_to(Connection& connection, const std::string& command) {
    REQUIRE(connection.send(command + "\r\n"));
    std::string out(1000, '\0');
    const auto got = connection.receive(out);
    REQUIRE(got);
    out.resize(*got);
    return out;
}

} // namespace

TEST_CASE("connection: TLS and login in every way a server offers") {
    using Row = std::tuple<std::string, Tls, std::string, std::string>;
    for (const auto& [scheme, tls, command, answer] :
         {Row{"imaps", Tls::implicit, "a NOOP", "a OK"}, Row{"imap", Tls::starttls, "a NOOP", "a OK"},
          Row{"pop3s", Tls::implicit, "NOOP", "+OK"}, Row{"pop3", Tls::starttls, "NOOP", "+OK"},
          Row{"imap", Tls::none, "a NOOP", "a OK"}, Row{"pop3", Tls::none, "NOOP", "+OK"}}) {
        CAPTURE(scheme);
        auto connection = Connection::open(endpoint(scheme, tls));
        REQUIRE(connection);
        CHECK(answer_to(*connection, command).substr(0, answer.size()) == answer);
    }
}

TEST_CASE("connection: an unknown authority or another host's certificate is refused, with a remedy") {
    const std::string scheme = GENERATE("imaps", "pop3s", "imap", "pop3");
    auto bad = endpoint(scheme, scheme.back() == 's' ? Tls::implicit : Tls::starttls);
    SECTION("unknown authority") { bad.ca_file.clear(); }
    SECTION("another host") { bad.url.replace(bad.url.find("localhost"), 9, "127.0.0.2"); }
    const auto connection = Connection::open(bad);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::unavailable);
    CHECK(connection.error().remedy.find("ca_file") != std::string::npos);
    CHECK(connection.error().remedy.find("host name") != std::string::npos);
}

TEST_CASE("connection: a ca_file that is not there is a configuration error") {
    auto bad = endpoint("imaps", Tls::implicit);
    bad.ca_file = "/no/such/file.pem";
    const auto connection = Connection::open(bad);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::config);
}

TEST_CASE("connection: required STARTTLS never falls back to plain text") {
    auto plain = Dovecot::with().endpoint(GENERATE("imap", "pop3"), "someone");
    plain.tls = Tls::starttls;
    const auto connection = Connection::open(plain);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::unavailable);
    CHECK(connection.error().text().find("STARTTLS") != std::string::npos);
}

TEST_CASE("connection: a wrong password is a refused login, over IMAP and POP3") {
    auto wrong = Dovecot::with().endpoint(GENERATE("imap", "pop3"), "someone");
    wrong.password = "swordfish";
    const auto connection = Connection::open(wrong);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::refused_login);
    CHECK(connection.error().text().find("swordfish") == std::string::npos);
}

TEST_CASE("connection: a quiet server ends a wait in time, a closed one is an error") {
    auto connection = Connection::open(Dovecot::with().endpoint("pop3", "someone"));
    REQUIRE(connection);
    std::string buffer(100, '\0');
    CHECK(connection->receive(buffer, Duration{0}, -1).value() == 0);
    CHECK(answer_to(*connection, "QUIT").substr(0, 3) == "+OK");
    const auto closed = connection->receive(buffer);
    REQUIRE_FALSE(closed);
    CHECK(closed.error().code == ErrorCode::unavailable);
}

TEST_CASE("connection: who shall stop does not wait for a silent server until its time is up") {
    auto here = endpoint(GENERATE("imap", "pop3"), Tls::none);
    bool stopping = false;
    here.stop = [&] { return stopping; };
    auto connection = Connection::open(here);
    REQUIRE(connection);
    stopping = true;
    std::string buffer(10, '\0');
    const auto got = connection->receive(buffer);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == ErrorCode::interrupted);
}

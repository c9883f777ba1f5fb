// Ways to log in to a real server, and ways to reach it.
#include <catch2/catch.hpp>

#include "mailbox/connection.hpp"
#include "support/dovecot.hpp"
#include "support/proxy_server.hpp"

using namespace nixie;

namespace {

Dovecot& many_ways() {
    return Dovecot::with({"--client-certificates", "--mechanisms", "plain login cram-md5 external"});
}

std::string answer(Connection& connection, const std::string& command) {
    REQUIRE(connection.send(command + "\r\n"));
    std::string out(1000, '\0');
    const auto got = connection.receive(out);
    REQUIRE(got);
    return out.substr(0, *got);
}

} // namespace

TEST_CASE("login: each mechanism of a real server, over IMAP and POP3") {
    const std::string scheme = GENERATE("imaps", "pop3s");
    const std::string mechanism = GENERATE("", "PLAIN", "LOGIN", "CRAM-MD5");
    CAPTURE(scheme, mechanism);
    auto endpoint = many_ways().endpoint(scheme, "someone");
    endpoint.mechanism = mechanism;
    CHECK(Connection::open(endpoint));
    endpoint.password = "wrong";
    const auto refused = Connection::open(endpoint);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::refused_login);
    CHECK_THAT(refused.error().what, Catch::Contains("tried " + (mechanism.empty() ? "PLAIN" : mechanism)) &&
                                         Catch::Contains("CRAM-MD5, EXTERNAL"));
}

TEST_CASE("login: by client certificate alone, with its key in a file of its own") {
    auto endpoint = many_ways().endpoint(GENERATE("imaps", "pop3s"), "certified");
    endpoint.mechanism = "EXTERNAL";
    endpoint.password.clear();
    endpoint.certificate.file = many_ways().value("client");
    endpoint.certificate.key = many_ways().value("client-key");
    auto connection = Connection::open(endpoint);
    INFO((connection ? "" : connection.error().text()));
    CHECK(connection);
    endpoint.certificate = {};
    CHECK_FALSE(Connection::open(endpoint));
}

TEST_CASE("login: a client certificate without its key is a configuration error") {
    auto endpoint = many_ways().endpoint("imaps", "certified");
    endpoint.certificate.file = many_ways().value("client");
    const auto connection = Connection::open(endpoint);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::config);
    CHECK_THAT(connection.error().text(), Catch::Contains("client_key"));
}

TEST_CASE("login: a mechanism that this libcurl lacks is told before anything is sent") {
    auto endpoint = Dovecot::with().endpoint("imap", "someone");
    endpoint.mechanism = "SCRAM-SHA-256";
    const auto connection = Connection::open(endpoint);
    REQUIRE_FALSE(connection);
    CHECK_THAT(connection.error().what, Catch::Contains("SCRAM-SHA-256"));
}

TEST_CASE("proxy: names are resolved by it, over SOCKS and over HTTP, for IMAP and POP3") {
    using Row = std::tuple<std::string, std::string, std::string>;
    const auto [proxy, scheme, command] = GENERATE(table<std::string, std::string, std::string>(
        {Row{"socks5h", "imap", "a NOOP"}, Row{"socks5h", "pop3", "NOOP"}, Row{"http", "imap", "a NOOP"}}));
    CAPTURE(proxy, scheme);
    const ProxyServer server;
    auto endpoint = Dovecot::with().endpoint(scheme, "someone");
    endpoint.url.replace(endpoint.url.find("127.0.0.1"), 9, "mail.nixie.invalid");
    endpoint.proxy = {Proxy::From::url, server.url(proxy), {}, {}};
    {
        auto connection = Connection::open(endpoint);
        INFO((connection ? "" : connection.error().text()));
        REQUIRE(connection);
        CHECK_THAT(answer(*connection, command), Catch::Contains("OK"));
    }
    REQUIRE(server.asked().size() == 1);
    CHECK_THAT(server.asked()[0], Catch::StartsWith("mail.nixie.invalid:"));
}

TEST_CASE("proxy: its own user and password go to it, and TLS goes through it to the server") {
    const ProxyServer server;
    auto endpoint = many_ways().endpoint("imaps", "someone");
    endpoint.proxy = {Proxy::From::url, server.url("http"), "me", "proxy-secret"};
    CHECK(Connection::open(endpoint));
    REQUIRE(server.asked().size() == 1);
    CHECK_THAT(server.asked()[0], Catch::StartsWith("bWU6cHJveHktc2VjcmV0@")); // me:proxy-secret
}

TEST_CASE("proxy: one that reaches nothing is unavailable, with the remedy in the proxy's setting") {
    const ProxyServer server;
    auto endpoint = Dovecot::with().endpoint("imap", "someone");
    endpoint.url = "imap://127.0.0.1:1";
    endpoint.proxy = {Proxy::From::url, server.url("http"), {}, {}};
    const auto connection = Connection::open(endpoint);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::unavailable);
    CHECK_THAT(connection.error().remedy, Catch::Contains("proxy"));
}

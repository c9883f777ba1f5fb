#include "mailbox/connection.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

/// A port of 127.0.0.1 that is bound and does not listen: nothing else can answer there meanwhile.
class RefusedPort {
  public:
    RefusedPort() : fd_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        REQUIRE(bind(fd_, generic, length) == 0);
        REQUIRE(getsockname(fd_, generic, &length) == 0);
        port_ = ntohs(address.sin_port);
    }
    ~RefusedPort() { ::close(fd_); }
    RefusedPort(const RefusedPort&) = delete;
    RefusedPort& operator=(const RefusedPort&) = delete;
    [[nodiscard]] std::string url(const std::string& scheme) const {
        return scheme + "://127.0.0.1:" + std::to_string(port_);
    }

  private:
    int fd_;
    int port_ = 0;
};

Endpoint endpoint(std::string url, Tls tls = Tls::none) {
    Endpoint out;
    out.url = std::move(url);
    out.tls = tls;
    out.user = "someone";
    out.password = "swordfish";
    out.timeout = Duration{5};
    return out;
}

} // namespace

TEST_CASE("connection: a refused port is unavailable, with the URL and a remedy") {
    const RefusedPort port;
    const auto url = port.url(GENERATE("imap", "pop3"));
    const auto connection = Connection::open(endpoint(url));
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::unavailable);
    CHECK(connection.error().where == url);
    CHECK(connection.error().text().find("port") != std::string::npos);
    CHECK(connection.error().text().find("swordfish") == std::string::npos);
}

TEST_CASE("connection: a host name that does not exist is unavailable, with a remedy") {
    const auto connection = Connection::open(endpoint("imap://nixie.invalid"));
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::unavailable);
    CHECK(connection.error().remedy.find("host name") != std::string::npos);
}

TEST_CASE("connection: a URL that does not fit the sort of TLS is a configuration error") {
    using Row = std::tuple<std::string, Tls>;
    const auto [url, tls] =
        GENERATE(table<std::string, Tls>({Row{"imap://127.0.0.1", Tls::implicit}, Row{"pop3s://127.0.0.1", Tls::none},
                                          Row{"imaps://127.0.0.1", Tls::starttls}, Row{"http://127.0.0.1", Tls::none},
                                          Row{"imap://127.0.0.1:99999", Tls::none}}));
    const auto connection = Connection::open(endpoint(url, tls));
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::config);
}

TEST_CASE("connection: a password inside the URL is refused and not repeated") {
    const auto connection = Connection::open(endpoint("imap://someone:swordfish@127.0.0.1"));
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::config);
    CHECK(connection.error().text().find("swordfish") == std::string::npos);
}

TEST_CASE("connection: a line break in the password never reaches the server") {
    const RefusedPort port;
    auto bad = endpoint(port.url("pop3"));
    bad.password = "swordfish\r\nQUIT";
    const auto connection = Connection::open(bad);
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::config);
    CHECK(connection.error().text().find("swordfish") == std::string::npos);
}

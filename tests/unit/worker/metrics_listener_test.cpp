#include <catch2/catch.hpp>

#include "support/http_get.hpp"
#include "support/loopback_port.hpp"
#include "worker/metrics_listener.hpp"

using namespace nixie;

namespace {

std::unique_ptr<MetricsListener> listener(MetricsListener::Text text = [] { return std::string("some_total 1\n"); }) {
    auto opened = MetricsListener::open("127.0.0.1", 0, std::move(text));
    REQUIRE(opened);
    return std::move(opened).value();
}

} // namespace

TEST_CASE("metrics listener: answers GET /metrics") {
    const auto served = listener();
    const std::string answer = http_get(served->port(), "/metrics");
    CHECK(answer.starts_with("HTTP/1.1 200 "));
    CHECK_THAT(answer, Catch::Contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n") &&
                           Catch::EndsWith("\r\n\r\nsome_total 1\n"));
}

TEST_CASE("metrics listener: whatever else is asked is refused") {
    const auto served = listener();
    CHECK(http_get(served->port(), "/").starts_with("HTTP/1.1 404 "));
    CHECK(http_get(served->port(), "/metrics/../../etc/passwd").starts_with("HTTP/1.1 404 "));
    const std::string posted =
        answer_to(served->port(),
                  "POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere");
    CHECK(posted.starts_with("HTTP/1.1 405 "));
    CHECK_THAT(posted, Catch::Contains("Allow: GET, HEAD\r\n"));
    CHECK(answer_to(served->port(), "\x16\x03\x01nonsense\r\n\r\n").find(" 200 ") == std::string::npos);
}

TEST_CASE("metrics listener: a request that has no end is cut off") {
    const auto served = listener();
    const std::string answer =
        answer_to(served->port(),
                  "GET /metrics HTTP/1.1\r\nHost: localhost\r\nX-Long: " + std::string(100'000, 'x') + "\r\n\r\n");
    CHECK(answer.find(" 200 ") == std::string::npos);
    CHECK(http_get(served->port(), "/metrics").starts_with("HTTP/1.1 200 "));
}

TEST_CASE("metrics listener: says so where the figures cannot be had") {
    const auto served = listener([] { return Error{ErrorCode::database, "disk I/O error", "/a/secret/path"}; });
    const std::string answer = http_get(served->port(), "/metrics");
    CHECK(answer.starts_with("HTTP/1.1 503 "));
    CHECK(answer.find("secret") == std::string::npos);
}

TEST_CASE("metrics listener: a port that is taken is an error with a remedy") {
    const LoopbackPort taken(LoopbackPort::Behaviour::silent);
    const auto opened = MetricsListener::open("127.0.0.1", std::stoi(taken.number()), [] { return std::string(); });
    REQUIRE_FALSE(opened);
    CHECK_THAT(opened.error().text(), Catch::Contains("127.0.0.1:" + taken.number()) && Catch::Contains("in use") &&
                                          Catch::Contains("`listen` in [metrics]"));
}

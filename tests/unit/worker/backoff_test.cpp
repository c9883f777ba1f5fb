#include <catch2/catch.hpp>

#include "worker/backoff.hpp"

using namespace nixie;

namespace {

const Error lost{ErrorCode::unavailable, "the connection was lost"};
const Error refused{ErrorCode::refused_login, "user name or password refused"};

Error with_wait(Duration wait) {
    Error error = lost;
    error.wait = wait;
    return error;
}

} // namespace

TEST_CASE("backoff: doubles up to ten minutes") {
    const auto [failures, seconds] =
        GENERATE(table<int, long>({{1, 1}, {2, 2}, {3, 4}, {10, 512}, {11, 600}, {1000000, 600}}));
    CHECK(backoff(lost, failures, 0).count() == seconds);
}

TEST_CASE("backoff: jitter shortens by a fifth at most") { CHECK(backoff(lost, 11, 1).count() == 480); }

TEST_CASE("backoff: a refused login is not tried into a lock-out") {
    const auto [failures, hours] = GENERATE(table<int, int>({{1, 1}, {2, 2}, {4, 8}, {6, 24}, {1000000, 24}}));
    CHECK(backoff(refused, failures, GENERATE(0.0, 1.0)) == std::chrono::hours(hours));
}

TEST_CASE("backoff: what the server asks for is kept, and jitter never comes before it") {
    CHECK(backoff(with_wait(Duration{300}), 1, 0) == Duration{300});
    CHECK(backoff(with_wait(Duration{300}), 1, 1) == Duration{330});
    CHECK(backoff(with_wait(Duration{1}), 11, 0) == Duration{600}); // and never less than without it
}

TEST_CASE("backoff: no server can send a mailbox to sleep for longer than a day") {
    CHECK(backoff(with_wait(std::chrono::hours(24 * 365)), 1, 0) == std::chrono::hours(24));
    CHECK(backoff(with_wait(Duration{-5}), 1, 0) == Duration{1});
}

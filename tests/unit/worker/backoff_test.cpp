#include <catch2/catch.hpp>

#include "worker/backoff.hpp"

using namespace nixie;

TEST_CASE("backoff: doubles up to ten minutes") {
    const auto [failures, seconds] =
        GENERATE(table<int, long>({{1, 5}, {2, 10}, {3, 20}, {7, 320}, {8, 600}, {1000000, 600}}));
    CHECK(backoff(ErrorCode::unavailable, failures, 0).count() == seconds);
}

TEST_CASE("backoff: jitter shortens by a fifth at most") {
    CHECK(backoff(ErrorCode::unavailable, 8, 1).count() == 480);
}

TEST_CASE("backoff: a refused login is not tried into a lock-out") {
    CHECK(backoff(ErrorCode::refused_login, 1, 1) == std::chrono::hours(1));
}

#include <catch2/catch.hpp>

#include "worker/circuit.hpp"

using namespace nixie;

namespace {

constexpr Time noon{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z
constexpr std::chrono::hours hour{1};

const Error lost{ErrorCode::unavailable, "the connection was lost", "imaps://x", "try again later"};
const Error refused{ErrorCode::refused_login, "user name or password refused", "imaps://x", {}};

Error busy_for(Duration wait) {
    Error error = lost;
    error.wait = wait;
    return error;
}

CycleSummary pass_over(std::size_t found, std::size_t filed) {
    CycleSummary summary;
    summary.found = found;
    summary.filed = filed;
    summary.left = found - filed;
    summary.validity = "7";
    return summary;
}

} // namespace

TEST_CASE("circuit: a pass that went well leaves the mailbox idle until the next") {
    Circuit circuit({});
    circuit.began(noon);
    CHECK(circuit.status().state == MailboxState::working);
    circuit.passed(pass_over(3, 3), noon + Duration{5}, noon + hour);
    CHECK(circuit.status().state == MailboxState::idle);
    CHECK(circuit.status().since == noon + Duration{5});
    CHECK(circuit.status().last_success == noon + Duration{5});
    CHECK(circuit.status().next_try == noon + hour);
    CHECK(circuit.status().waiting == 0);
    CHECK_FALSE(circuit.status().waiting_since);
}

TEST_CASE("circuit: work that was given up leaves the mailbox as it was") {
    Circuit circuit({});
    circuit.failed(refused, noon, 0);
    circuit.began(noon + 1 * hour);
    circuit.broke_off(noon + 1 * hour);
    CHECK(circuit.status().state == MailboxState::refused);
    CHECK(circuit.status().next_try == noon + hour);
}

TEST_CASE("circuit: failures double the wait, and a pass that goes well ends that") {
    Circuit circuit({});
    CHECK(circuit.failed(lost, noon, 0).delay == Duration{1});
    CHECK(circuit.failed(lost, noon, 0).delay == Duration{2});
    CHECK(circuit.status().state == MailboxState::backing_off);
    CHECK(circuit.status().next_try == noon + Duration{2});
    CHECK_THAT(circuit.status().last_error, Catch::Contains("the connection was lost"));
    CHECK_FALSE(circuit.held_until(noon)); // a single pass may try
    circuit.passed(pass_over(0, 0), noon, {});
    CHECK(circuit.status().last_error.empty());
    CHECK(circuit.failed(lost, noon, 0).delay == Duration{1});
}

TEST_CASE("circuit: a refused login is told once, left alone for hours, and told again after it was well") {
    Circuit circuit({});
    const auto first = circuit.failed(refused, noon, 0);
    CHECK(first.is_news);
    CHECK(first.delay == hour);
    CHECK(circuit.status().state == MailboxState::refused);
    CHECK(circuit.held_until(noon + Duration{60}) == noon + hour);
    CHECK_FALSE(circuit.held_until(noon + hour));
    circuit.began(noon + hour);
    const auto second = circuit.failed(refused, noon + hour, 0);
    CHECK_FALSE(second.is_news);
    CHECK(second.delay == 2 * hour);
    circuit.passed(pass_over(0, 0), noon + 3 * hour, {});
    CHECK(circuit.failed(refused, noon + 4 * hour, 0).is_news);
}

TEST_CASE("circuit: a refusal after a night without network waits an hour, not a day") {
    Circuit circuit({});
    for (int i = 0; i < 50; ++i) circuit.failed(lost, noon, 0);
    CHECK(circuit.failed(refused, noon, 0).delay == hour);
}

TEST_CASE("circuit: refusals go on doubling in the process that comes after") {
    MailboxStatus noted;
    noted.state = MailboxState::refused;
    noted.failures = 2;
    Circuit circuit(noted);
    const auto setback = circuit.failed(refused, noon, 0);
    CHECK(setback.delay == 4 * hour);
    CHECK(setback.is_news);
}

TEST_CASE("circuit: a server that asks for it is left alone") {
    Circuit circuit({});
    CHECK(circuit.failed(busy_for(std::chrono::minutes(30)), noon, 0).delay == std::chrono::minutes(30));
    CHECK(circuit.status().state == MailboxState::resting);
    CHECK(circuit.held_until(noon) == noon + std::chrono::minutes(30));
}

TEST_CASE("circuit: a server that refuses one thing and asks for rest is left alone too") {
    Circuit circuit({});
    auto summary = pass_over(10, 4);
    summary.failures = {{ErrorCode::refused, "no such folder"}, busy_for(Duration{60}), busy_for(Duration{600})};
    circuit.passed(summary, noon, noon + Duration{300});
    CHECK(circuit.status().state == MailboxState::resting);
    CHECK(circuit.held_until(noon) == noon + Duration{600});
    CHECK_THAT(circuit.status().last_error, Catch::Contains("the connection was lost"));
}

TEST_CASE("circuit: the bytes of a day are counted, and count anew when the day of UTC turns") {
    Circuit circuit({});
    circuit.fetched(600, noon);
    circuit.fetched(300, noon + hour);
    CHECK(circuit.allowance(1000, noon + hour) == 100);
    CHECK(circuit.allowance(500, noon) == 0);
    CHECK(circuit.allowance(0, noon) == std::numeric_limits<std::uint64_t>::max());
    const Time midnight = noon + 12 * hour;
    CHECK(circuit.allowance(1000, midnight - Duration{1}) == 100);
    CHECK(circuit.allowance(1000, midnight) == 1000);
    circuit.fetched(1, midnight);
    CHECK(circuit.status().bytes_today == 1);
}

TEST_CASE("circuit: with its bytes used up a mailbox rests until the day turns") {
    Circuit circuit({});
    auto summary = pass_over(10, 4);
    summary.budget_used = true;
    circuit.passed(summary, noon, noon + Duration{300});
    CHECK(circuit.status().state == MailboxState::resting);
    CHECK(circuit.held_until(noon) == noon + 12 * hour);
    CHECK(circuit.status().waiting == 6);
}

TEST_CASE("circuit: a backlog is as old as the time since when there was always something left") {
    Circuit circuit({});
    circuit.waits(5, noon);
    circuit.waits(9, noon + hour);
    CHECK(circuit.status().waiting_since == noon);
    circuit.waits(0, noon + 2 * hour);
    CHECK_FALSE(circuit.status().waiting_since);
    circuit.waits(1, noon + 3 * hour);
    CHECK(circuit.status().waiting_since == noon + 3 * hour);
}

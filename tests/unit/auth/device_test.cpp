#include "auth/device.hpp"

#include <catch2/catch.hpp>

#include "unit/auth/fixture.hpp"

using namespace nixie;

namespace {

/// A login by code, with the pauses it made.
struct Login {
    HandClock clock;
    ScriptedPost server;
    TokenAccount owner = account(OAuthFlow::device);
    std::vector<Duration> pauses;

    Result<Token> finish(const std::string& more = R"(,"interval":5)") {
        server.answers.push_front(HttpAnswer{
            200, R"({"device_code":"d","user_code":"AB-CD","verification_uri":"https://x.example","expires_in":900)" +
                     more + "}"});
        const auto code = start_device_login(server.post(), owner, clock.now());
        REQUIRE(code);
        return finish_device_login(server.post(), owner, *code, clock, [&](Duration pause) {
            pauses.push_back(pause);
            clock.advance(pause);
            return true;
        });
    }
};

std::vector<Duration> seconds(std::initializer_list<int> numbers) {
    std::vector<Duration> out;
    for (const int number : numbers) out.emplace_back(number);
    return out;
}

} // namespace

TEST_CASE("device login: it asks at the server's pace, and slower when told") {
    Login login;
    login.server.answers = {denied("authorization_pending"), denied("slow_down"), denied("authorization_pending"),
                            granted("token", 3600, R"(,"refresh_token":"r")")};
    const auto token = login.finish(R"(,"interval":7)");
    REQUIRE(token);
    CHECK(token->access == "token");
    CHECK(token->refresh == "r");
    CHECK(login.pauses == seconds({7, 7, 12, 12}));
    CHECK(login.server.field(1, "device_code") == "d");
    CHECK(login.server.field(1, "grant_type") == "urn:ietf:params:oauth:grant-type:device_code");
}

TEST_CASE("device login: without an interval it is five seconds") {
    Login login;
    login.server.answers = {granted("token", 3600)};
    REQUIRE(login.finish(""));
    CHECK(login.pauses == seconds({5}));
}

TEST_CASE("device login: a lost connection or a fault of the server slows it and does not end it") {
    Login login;
    login.server.answers = {Error{ErrorCode::unavailable, "lost"}, HttpAnswer{503, ""}, granted("token", 3600)};
    REQUIRE(login.finish());
    CHECK(login.pauses == seconds({5, 10, 15}));
}

TEST_CASE("device login: it ends when the code is too old, declined or not known") {
    Login login;
    SECTION("by our clock") {
        for (int i = 0; i < 1000; ++i) login.server.answers.push_back(denied("authorization_pending"));
        const auto token = login.finish();
        REQUIRE_FALSE(token);
        CHECK_THAT(token.error().what, Catch::Contains("in time"));
        CHECK(login.pauses.size() == 180);
    }
    SECTION("by the server's word") {
        const std::string error =
            GENERATE("expired_token", "access_denied", "authorization_declined", "bad_verification_code");
        login.server.answers = {denied(error)};
        const auto token = login.finish();
        REQUIRE_FALSE(token);
        CHECK(token.error().code == ErrorCode::refused_login);
        CHECK_THAT(token.error().remedy, Catch::Contains("nixie auth login bounces"));
        CHECK(login.pauses.size() == 1);
    }
}

TEST_CASE("device login: it can be broken off") {
    Login login;
    const DeviceCode code{"u", "v", "", "d", Duration{5}, login.clock.now() + Duration{900}};
    const auto token =
        finish_device_login(login.server.post(), login.owner, code, login.clock, [](Duration) { return false; });
    REQUIRE_FALSE(token);
    CHECK(token.error().code == ErrorCode::interrupted);
    CHECK(login.server.asked.empty());
}

TEST_CASE("device login: an answer without a code is an error, and control characters do not reach the terminal") {
    Login login;
    login.server.answers = {HttpAnswer{200, R"({"user_code":"A"})"}};
    CHECK_FALSE(start_device_login(login.server.post(), login.owner, login.clock.now()));
    login.server.answers = {
        HttpAnswer{200, R"({"device_code":"d","user_code":"A\u001b[2J","verification_url":"https://x.example"})"}};
    const auto code = start_device_login(login.server.post(), login.owner, login.clock.now());
    REQUIRE(code);
    CHECK(code->user_code.find('\x1b') == std::string::npos);
    CHECK(code->verification_url == "https://x.example");
}

TEST_CASE("device login: a provider that refuses the scope says so") {
    Login login;
    login.server.answers = {denied("invalid_scope")};
    const auto code = start_device_login(login.server.post(), login.owner, login.clock.now());
    REQUIRE_FALSE(code);
    CHECK_THAT(code.error().remedy, Catch::Contains("scope"));
}

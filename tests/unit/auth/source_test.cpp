#include "auth/source.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/rsa_key.hpp"
#include "unit/auth/fixture.hpp"

using namespace nixie;

namespace {

struct Bench {
    TemporaryDirectory dir;
    HandClock clock;
    ScriptedPost server;
    TokenAccount owner = account(OAuthFlow::refresh_token);

    Bench() {
        owner.oauth.refresh_token = {SecretSource::From::command, "echo first-refresh", "refresh_token_command"};
    }
    [[nodiscard]] TokenSource source() { return {owner, cache(), server.post(), clock}; }
    [[nodiscard]] TokenCache cache() const { return {dir.file("tokens/bounces.json"), identity_of(owner)}; }
};

} // namespace

TEST_CASE("token source: a token is kept until shortly before its end, also for another process") {
    Bench bench;
    bench.server.answers = {granted("one", 3600), granted("two", 3600)};
    CHECK(bench.source().token("").value() == "one");
    bench.clock.advance(Duration{3000});
    CHECK(bench.source().token("").value() == "one");
    CHECK(bench.server.asked.size() == 1);
    bench.clock.advance(Duration{400});
    CHECK(bench.source().token("").value() == "two");
}

TEST_CASE("token source: a refused token is renewed, but not if someone else has done so meanwhile") {
    Bench bench;
    bench.server.answers = {granted("one", 3600), granted("two", 3600)};
    CHECK(bench.source().token("").value() == "one");
    CHECK(bench.source().token("one").value() == "two");
    CHECK(bench.source().token("one").value() == "two");
    CHECK(bench.server.asked.size() == 2);
}

TEST_CASE("token source: a new refresh token replaces the one before it, and without one that stays good") {
    Bench bench;
    bench.server.answers = {granted("one", 10, R"(,"refresh_token":"second-refresh")"), granted("two", 10),
                            granted("three", 10)};
    for ([[maybe_unused]] const int round : {1, 2, 3}) {
        REQUIRE(bench.source().token(""));
        bench.clock.advance(Duration{10});
    }
    CHECK(bench.server.field(0, "refresh_token") == "first-refresh");
    CHECK(bench.server.field(1, "refresh_token") == "second-refresh");
    CHECK(bench.server.field(2, "refresh_token") == "second-refresh");
    CHECK(bench.server.field(2, "client_id") == "client");
}

TEST_CASE("token source: where the kept refresh token is void, the configured one is tried") {
    Bench bench;
    bench.server.answers = {granted("one", 10, R"(,"refresh_token":"second-refresh")"), denied("invalid_grant"),
                            granted("two", 10)};
    REQUIRE(bench.source().token(""));
    bench.clock.advance(Duration{10});
    CHECK(bench.source().token("").value() == "two");
    CHECK(bench.server.field(2, "refresh_token") == "first-refresh");
}

TEST_CASE("token source: a token server that is down leaves the old token in use until its end") {
    Bench bench;
    bench.server.answers = {granted("one", 3600)};
    REQUIRE(bench.source().token(""));
    bench.clock.advance(Duration{3500});
    CHECK(bench.source().token("").value() == "one");
    CHECK(bench.server.asked.size() == 2);
    CHECK_FALSE(bench.source().token("one"));
    bench.clock.advance(Duration{100});
    const auto ended = bench.source().token("");
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == ErrorCode::unavailable);
}

TEST_CASE("token source: before anybody logged in the remedy is nixie auth login") {
    Bench bench;
    bench.owner = account(OAuthFlow::device);
    const auto token = bench.source().token("");
    REQUIRE_FALSE(token);
    CHECK(token.error().code == ErrorCode::refused_login);
    CHECK_THAT(token.error().remedy, Catch::Contains("nixie auth login bounces"));
    CHECK(bench.server.asked.empty());
}

TEST_CASE("token source: a withdrawn consent is told with the remedy of its flow") {
    Bench bench;
    bench.server.answers = {denied("invalid_grant")};
    CHECK_THAT(bench.source().token("").error().remedy, Catch::Contains("refresh_token_command"));
    bench.owner = account(OAuthFlow::device);
    REQUIRE(bench.cache().save({"", "old", {}, {}}));
    bench.server.answers = {denied("invalid_grant")};
    CHECK_THAT(bench.source().token("").error().remedy, Catch::Contains("nixie auth login bounces"));
}

TEST_CASE("token source: an answer that holds no usable token is an error") {
    const std::string body = GENERATE(as<std::string>(), "", "[]", "{}", R"({"access_token":5})",
                                      R"({"access_token":"a\r\nQUIT"})", R"({"access_token":"a","expires_in":)");
    Bench bench;
    bench.server.answers = {HttpAnswer{200, body}};
    CHECK_FALSE(bench.source().token(""));
}

TEST_CASE("token source: the life of a token is a number, a text or an hour") {
    using Row = std::tuple<std::string, int>;
    const auto [life, seconds] = GENERATE(table<std::string, int>(
        {Row{R"(,"expires_in":100)", 100}, Row{R"(,"expires_in":"100")", 100}, Row{"", 3600},
         Row{R"(,"expires_in":-5)", 3600}, Row{R"(,"expires_in":1e300)", 2592000}, Row{R"(,"expires_in":{})", 3600}}));
    Bench bench;
    bench.server.answers = {HttpAnswer{200, R"({"access_token":"a")" + life + "}"}};
    REQUIRE(bench.source().token(""));
    CHECK((*bench.cache().load())->expires == bench.clock.now() + Duration{seconds});
}

TEST_CASE("token source: a client proves itself by its secret, or by an assertion that its certificate checks") {
    Bench bench;
    bench.owner = account(OAuthFlow::client_credentials);
    bench.server.answers = {granted("one", 3600)};
    SECTION("secret") {
        bench.owner.oauth.client_secret = {SecretSource::From::command, "echo hush", "client_secret_command"};
        REQUIRE(bench.source().token(""));
        CHECK(bench.server.field(0, "client_secret") == "hush");
    }
    SECTION("certificate") {
        const std::string algorithm = GENERATE("PS256", "RS256");
        const auto& pair = RsaKey::shared();
        bench.owner.oauth.client_certificate = bench.dir.write("client.pem", pair.certificate_pem);
        bench.owner.oauth.client_key = bench.dir.write("client.key", pair.private_pem);
        bench.owner.oauth.assertion_algorithm = algorithm;
        REQUIRE(bench.source().token(""));
        const auto jwt = check_jwt(bench.server.field(0, "client_assertion"), pair.certificate_pem);
        REQUIRE(jwt);
        CHECK(jwt->header["alg"] == algorithm);
        CHECK(jwt->claims["aud"] == bench.owner.oauth.token_url);
        CHECK(jwt->claims["iss"] == "client");
        CHECK(jwt->claims["sub"] == "client");
        CHECK(jwt->claims["exp"] == bench.clock.now().time_since_epoch().count() + 600);
        CHECK(bench.server.field(0, "client_secret").empty());
    }
    CHECK(bench.server.field(0, "grant_type") == "client_credentials");
}

TEST_CASE("token source: a service account acts for the user by its key") {
    Bench bench;
    bench.owner = account(OAuthFlow::service_account);
    const auto& pair = RsaKey::shared();
    const nlohmann::json key{
        {"private_key", pair.private_pem}, {"client_email", "robot@project.example"}, {"private_key_id", "7"}};
    bench.owner.oauth.service_account_file = bench.dir.write("key.json", key.dump());
    bench.server.answers = {granted("one", 3600)};
    REQUIRE(bench.source().token(""));
    const auto jwt = check_jwt(bench.server.field(0, "assertion"), pair.certificate_pem);
    REQUIRE(jwt);
    CHECK(jwt->header["alg"] == "RS256");
    CHECK(jwt->header["kid"] == "7");
    CHECK(jwt->claims["iss"] == "robot@project.example");
    CHECK(jwt->claims["sub"] == "bounces@example.org");
    CHECK(jwt->claims["scope"] == "mail");
}

TEST_CASE("token source: what is no key file of a service account is a configuration error") {
    Bench bench;
    bench.owner = account(OAuthFlow::service_account);
    bench.owner.oauth.service_account_file =
        bench.dir.write("key.json", GENERATE(as<std::string>(), "", "{}", R"({"private_key":"x","client_email":"y"})"));
    const auto token = bench.source().token("");
    REQUIRE_FALSE(token);
    CHECK(token.error().code == ErrorCode::config);
    CHECK(token.error().where == bench.owner.oauth.service_account_file);
}

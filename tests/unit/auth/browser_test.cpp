#include "auth/browser.hpp"

#include <openssl/evp.h>

#include <catch2/catch.hpp>

#include "support/rsa_key.hpp"
#include "unit/auth/fixture.hpp"

using namespace nixie;

namespace {

/// A field of the address that is opened.
std::string field_of(const std::string& url, const std::string& name) {
    auto at = url.find("&" + name + "=");
    if (at == std::string::npos) at = url.find("?" + name + "=");
    REQUIRE(at != std::string::npos);
    at += name.size() + 2;
    return url.substr(at, url.find('&', at) - at);
}

TokenAccount browser_account() {
    TokenAccount out = account(OAuthFlow::browser);
    out.oauth.auth_url = "https://provider.example/authorize";
    out.oauth.scope = "https://mail.google.com/";
    return out;
}

} // namespace

TEST_CASE("browser login: the address names application, scope and the hash of a secret that follows later") {
    const auto login = start_browser_login(browser_account());
    CHECK_THAT(login.url, Catch::StartsWith("https://provider.example/authorize?response_type=code&client_id=client&"));
    CHECK(field_of(login.url, "scope") == "https%3A%2F%2Fmail.google.com%2F");
    CHECK(field_of(login.url, "state") == login.state);
    std::string digest(32, '\0');
    EVP_Digest(login.verifier.data(), login.verifier.size(), reinterpret_cast<unsigned char*>(digest.data()), nullptr,
               EVP_sha256(), nullptr);
    CHECK(from_base64url(field_of(login.url, "code_challenge")) == digest);
    CHECK(login.url.find(login.verifier) == std::string::npos);
    CHECK(start_browser_login(browser_account()).state != login.state);
}

TEST_CASE("browser login: the pasted address, or its code alone, is exchanged for a token") {
    const auto owner = browser_account();
    const auto login = start_browser_login(owner);
    for (const auto& pasted : {std::string("4%2F0Ab"), std::string("4/0Ab\n"),
                               "http://localhost/?state=" + login.state + "&code=4%2F0Ab&scope=x#y"}) {
        CAPTURE(pasted);
        ScriptedPost server{{granted("token", 3600, R"(,"refresh_token":"r")")}, {}};
        const auto token = finish_browser_login(server.post(), owner, login, pasted, HandClock().now());
        REQUIRE(token);
        CHECK(token->refresh == "r");
        CHECK(server.field(0, "code") == "4/0Ab");
        CHECK(server.field(0, "code_verifier") == login.verifier);
        CHECK(server.field(0, "grant_type") == "authorization_code");
    }
}

TEST_CASE("browser login: what belongs to no login or to another one is never sent") {
    const auto owner = browser_account();
    const auto login = start_browser_login(owner);
    const std::string state = "state=" + login.state;
    for (const auto& pasted : {std::string(), std::string(" \n"), std::string("http://localhost/?state=other&code=c"),
                               std::string("http://localhost/?code=c"), "http://localhost/?" + state,
                               "http://localhost/?error=access_denied&" + state, std::string("http://localhost/?%"),
                               std::string(20'000, 'c')}) {
        CAPTURE(pasted);
        ScriptedPost server;
        const auto token = finish_browser_login(server.post(), owner, login, pasted, HandClock().now());
        REQUIRE_FALSE(token);
        CHECK(token.error().code == ErrorCode::refused_login);
        CHECK(server.asked.empty());
    }
}

// Tokens on a real server, which asks the provider whether they are good.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "auth/source.hpp"
#include "mailbox/imap/mailbox.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/token_server.hpp"

using namespace nixie;

namespace {

TokenServer& provider() { return TokenServer::shared(); }

Dovecot& server() {
    return Dovecot::with({"--oauth", provider().url("introspect"), "--mechanisms", "plain login xoauth2 oauthbearer"});
}

Endpoint endpoint_with(const std::string& scheme, const std::string& user, const std::string& token) {
    Endpoint out = server().endpoint(scheme, user);
    out.password.clear();
    out.token = [token](const std::string&) -> Result<std::string> { return token; };
    return out;
}

/// In process, with a refresh token that the provider knows.
struct Refreshing {
    TemporaryDirectory dir;
    std::string user = Dovecot::new_user();
    SystemClock clock;
    TokenAccount account{"bounces", user, {}};

    Refreshing() {
        provider().add_client("app", "", "", user);
        account.oauth.flow = OAuthFlow::refresh_token;
        account.oauth.token_url = provider().url("token");
        account.oauth.client_id = "app";
        account.oauth.refresh_token = {SecretSource::From::command, "echo " + provider().new_refresh_token(user),
                                       "refresh_token_command"};
    }
    [[nodiscard]] TokenSource source() const {
        return {account, {dir.file("tokens/a.json"), identity_of(account)}, post_over_network("", {}), clock};
    }
    [[nodiscard]] Endpoint endpoint(const std::string& scheme) const {
        Endpoint out = endpoint_with(scheme, user, "");
        out.token = [source = source()](const std::string& refused) { return source.token(refused); };
        return out;
    }
    [[nodiscard]] int refreshed() const { return provider().granted("refresh_token", user); }
};

} // namespace

TEST_CASE("OAuth: both mechanisms, over IMAP and POP3, chosen or left open") {
    const std::string scheme = GENERATE("imap", "pop3");
    const std::string mechanism = GENERATE("", "XOAUTH2", "OAUTHBEARER");
    CAPTURE(scheme, mechanism);
    const std::string user = Dovecot::new_user();
    auto good = endpoint_with(scheme, user, provider().new_access_token(user));
    good.mechanism = mechanism;
    const auto connection = Connection::open(good);
    INFO((connection ? "" : connection.error().text()));
    CHECK(connection);

    auto bad = endpoint_with(scheme, user, "access-secret-never-issued");
    bad.mechanism = mechanism;
    const auto refused = Connection::open(bad);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::refused_login);
    CHECK_THAT(refused.error().what, Catch::Contains("token") && Catch::Contains("XOAUTH2"));
    CHECK(refused.error().text().find("never-issued") == std::string::npos);
}

TEST_CASE("OAuth: a token that was withdrawn before its time is refused once, renewed, and then taken") {
    const Refreshing login;
    const std::string scheme = GENERATE("imap", "pop3");
    REQUIRE(Connection::open(login.endpoint(scheme)));
    REQUIRE(Connection::open(login.endpoint(scheme)));
    CHECK(login.refreshed() == 1);
    provider().revoke_access(login.user);
    CHECK(Connection::open(login.endpoint(scheme)));
    CHECK(login.refreshed() == 2);
}

TEST_CASE("OAuth: an idle session outlives its token, and when the server drops it a new one begins with a new token") {
    const Refreshing login;
    ImapMailbox mailbox(login.endpoint("imap"));
    REQUIRE(mailbox.open(Access::change));
    provider().revoke_access(login.user);
    CHECK(mailbox.list());
    server().kick(login.user);
    CHECK_FALSE(mailbox.wait(Duration{20}, -1));
    CHECK(login.refreshed() == 1);
    REQUIRE(mailbox.open(Access::change));
    CHECK(login.refreshed() == 2);
    CHECK(mailbox.list());
}

TEST_CASE("OAuth: without consent the login is refused, and nobody is asked again and again") {
    const Refreshing login;
    provider().revoke_refresh(login.user);
    const auto connection = Connection::open(login.endpoint("imap"));
    REQUIRE_FALSE(connection);
    CHECK(connection.error().code == ErrorCode::refused_login);
    CHECK_THAT(connection.error().what, Catch::Contains("not used for long"));
    CHECK_THAT(connection.error().remedy, Catch::Contains("refresh_token_command"));
}

// The program with tokens that it fetches itself.
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/rsa_key.hpp"
#include "support/scene.hpp"
#include "support/token_server.hpp"

using namespace nixie;

namespace {

TokenServer& provider() { return TokenServer::shared(); }

Dovecot& server() {
    return Dovecot::with({"--oauth", provider().url("introspect"), "--mechanisms", "plain login xoauth2 oauthbearer"});
}

/// A mailbox of `user` over `scheme`; `oauth` are lines of [mailbox.oauth].
Scene token_scene(const TemporaryDirectory& dir, const std::string& user, const std::string& oauth,
                  const std::string& scheme = "imap") {
    const std::string local = dir.file("local");
    return make_scene(dir, user, server().maildir(user),
                      "url = \"" + server().endpoint(scheme, user).url + "\"\nuser = \"" + user + "\"\n" +
                          (scheme == "pop3" ? "maildir = \"" + local + "\"\n" : "") +
                          "[mailbox.oauth]\ntoken_url = \"" + provider().url("token") + "\"\ndevice_url = \"" +
                          provider().url("device") + "\"\nscope = \"mail\"\n" + oauth);
}

std::string secret_file(const TemporaryDirectory& dir, const std::string& name, const std::string& text) {
    const std::string path = dir.write(name, text);
    ::chmod(path.c_str(), 0600);
    return path;
}

void check_no_secret(const Finished& finished) {
    for (const auto* text : {&finished.out, &finished.err}) CHECK(text->find("-secret-") == std::string::npos);
}

} // namespace

TEST_CASE("OAuth program: a device login once, then passes without a password, over IMAP and POP3") {
    const std::string scheme = GENERATE("imap", "pop3");
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    provider().add_client("device-app", "", "", "");
    const Scene scene = token_scene(dir, user, "client_id = \"device-app\"\n", scheme);
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});

    const Finished before = scene.nixie({"run", "--once"});
    CHECK(before.exit_code == 77);
    CHECK_THAT(before.err, Catch::Contains("nixie auth login bounces"));

    provider().confirm_device(user, {"authorization_pending"});
    const Finished login = scene.nixie({"auth", "login", "bounces"});
    INFO(login.err);
    CHECK(login.exit_code == 0);
    CHECK_THAT(login.out, Catch::Contains("https://provider.example/device") && Catch::Contains("CODE-") &&
                              Catch::Contains("logged in"));
    check_no_secret(login);

    const Finished pass = scene.nixie({"run", "--once"});
    INFO(pass.err);
    CHECK(pass.exit_code == 0);
    CHECK_THAT(pass.out, Catch::Contains("1 filed"));
    check_no_secret(pass);

    const Finished status = scene.nixie({"auth", "status", "--json"});
    CHECK_THAT(status.out, Catch::Contains(R"("login":"oauth, device","token":"valid","renewable":true)"));
    check_no_secret(status);
    struct stat file {};
    REQUIRE(::stat((scene.journal + ".tokens/bounces.json").c_str(), &file) == 0);
    CHECK((file.st_mode & 07777U) == 0600);

    CHECK(scene.nixie({"auth", "forget", "bounces"}).exit_code == 0);
    CHECK_THAT(scene.nixie({"auth", "status"}).out, Catch::Contains("run `nixie auth login bounces`"));
    CHECK(scene.nixie({"doctor"}).exit_code == 2);
}

TEST_CASE("OAuth program: doctor tells how old the token is and until when it serves, or that there is none") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    provider().add_client("device-app", "", "", "");
    const Scene scene = token_scene(dir, user, "client_id = \"device-app\"\n");
    const Finished before = scene.nixie({"doctor"});
    CHECK(before.exit_code == 2);
    CHECK_THAT(before.out, Catch::Contains("token         none is kept") &&
                               Catch::Contains("nixie auth login bounces") &&
                               Catch::Contains("needs what failed: token"));

    provider().confirm_device(user, {});
    REQUIRE(scene.nixie({"auth", "login", "bounces"}).exit_code == 0);
    const Finished after = scene.nixie({"doctor"});
    INFO(after.out);
    CHECK_THAT(after.out, Catch::Contains("ok         token         obtained ") &&
                              Catch::Contains("s ago, good for ") && Catch::Contains("logged in as " + user));
    check_no_secret(after);
}

TEST_CASE("OAuth program: a login by browser, where the code is pasted") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    provider().add_client("browser-app", "", "", user);
    const Scene scene = token_scene(
        dir, user,
        "client_id = \"browser-app\"\nflow = \"browser\"\nauth_url = \"https://provider.example/authorize\"\n");
    const Finished login =
        run_process({"sh", "-c", "echo code-of-" + user + " | exec \"$0\" auth login bounces -c \"$1\"", NIXIE_BINARY,
                     scene.config});
    INFO(login.err);
    CHECK(login.exit_code == 0);
    CHECK_THAT(login.out, Catch::Contains("https://provider.example/authorize?") && Catch::Contains("logged in"));
    check_no_secret(login);
    CHECK(scene.nixie({"doctor"}).exit_code == 0);
    CHECK(scene.nixie({"auth", "login", "bounces"}).exit_code == 77);
}

TEST_CASE("OAuth program: a declined device login says so") {
    const TemporaryDirectory dir;
    provider().add_client("device-app", "", "", "");
    const Scene scene = token_scene(dir, Dovecot::new_user(), "client_id = \"device-app\"\n");
    provider().confirm_device("nobody", {"access_denied"});
    const Finished login = scene.nixie({"auth", "login", "bounces"});
    CHECK(login.exit_code == 77);
    CHECK_THAT(login.err, Catch::Contains("declined"));
}

TEST_CASE("OAuth program: an application as itself, by secret and by certificate, and a service account") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    const RsaKey& pair = RsaKey::shared();
    std::string oauth;
    SECTION("secret") {
        provider().add_client("secret-app", "hush-secret-hush", "", user);
        oauth = "flow = \"client-credentials\"\nclient_id = \"secret-app\"\nclient_secret_file = \"" +
                secret_file(dir, "secret", "hush-secret-hush\n") + "\"\n";
    }
    SECTION("certificate") {
        provider().add_client("certificate-app", "", pair.certificate_pem, user);
        oauth = "flow = \"client-credentials\"\nclient_id = \"certificate-app\"\nclient_certificate = \"" +
                dir.write("client.pem", pair.certificate_pem) + "\"\nclient_key = \"" +
                secret_file(dir, "client.key", pair.private_pem) + "\"\n";
    }
    SECTION("service account") {
        provider().add_service_account("robot@project.example", pair.certificate_pem);
        const nlohmann::json key{{"private_key", pair.private_pem}, {"client_email", "robot@project.example"}};
        oauth =
            "flow = \"service-account\"\nservice_account_file = \"" + secret_file(dir, "key.json", key.dump()) + "\"\n";
    }
    const Scene scene = token_scene(dir, user, oauth);
    const Finished first = scene.nixie({"doctor"});
    INFO(first.err);
    CHECK(first.exit_code == 0);
    provider().revoke_access(user);
    CHECK(scene.nixie({"doctor"}).exit_code == 0);
    check_no_secret(first);
}

TEST_CASE("OAuth program: a wrong client secret is told in plain words and without the secret") {
    const TemporaryDirectory dir;
    provider().add_client("secret-app", "hush-secret-hush", "", "x");
    const Scene scene =
        token_scene(dir, Dovecot::new_user(),
                    "flow = \"client-credentials\"\nclient_id = \"secret-app\"\nclient_secret_file = \"" +
                        secret_file(dir, "secret", "wrong-secret-wrong\n") + "\"\n");
    const Finished doctor = scene.nixie({"doctor"});
    CHECK(doctor.exit_code == 2);
    CHECK_THAT(doctor.out, Catch::Contains("client secret is wrong"));
    check_no_secret(doctor);
}

TEST_CASE("OAuth program: a command may bring the token") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    const Scene scene = make_scene(dir, user, server().maildir(user),
                                   "url = \"" + server().endpoint("imap", user).url + "\"\nuser = \"" + user +
                                       "\"\ntoken_command = \"echo " + provider().new_access_token(user) + "\"\n");
    const Finished doctor = scene.nixie({"doctor"});
    INFO(doctor.out + doctor.err);
    CHECK(doctor.exit_code == 0);
}

// `nixie init` on a real server, with and without a terminal, and the records of a real name server.
#include <sys/stat.h>
#include <catch2/catch.hpp>

#include "setup/discovery.hpp"
#include "support/name_server.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

const char* const bounce =
    "From: MAILER-DAEMON@mx.example.net\n"
    "To: bounces@example.org\n"
    "Subject: Undelivered Mail Returned to Sender\n"
    "MIME-Version: 1.0\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n"
    "\n"
    "--b\n"
    "Content-Type: message/delivery-status\n"
    "\n"
    "Reporting-MTA: dns; mx.example.net\n"
    "\n"
    "Final-Recipient: rfc822; ann@example.com\n"
    "Action: failed\n"
    "Status: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 user unknown\n"
    "--b--\n";

struct NewMailbox {
    const Dovecot& server = Dovecot::with({"--tls"});
    std::string user = Dovecot::new_user();
    TemporaryDirectory dir;
    std::string config = dir.file("nixie.toml");

    NewMailbox() { server.deliver(user, bounce); }
    [[nodiscard]] std::vector<std::string> command(const std::vector<std::string>& more) const {
        std::vector<std::string> out{NIXIE_BINARY, "init",          user + "@example.org",
                                     "--config",   config,          "--user",
                                     user,         "--server",      server.endpoint("imaps", user).url,
                                     "--ca-file",  server.ca_file()};
        out.insert(out.end(), more.begin(), more.end());
        return out;
    }
    [[nodiscard]] std::string secret(const std::string& password) const { return dir.write("given", password + "\n"); }
};

std::string quoted(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += "'" + word + "' ";
    return out;
}

void make_private(const std::string& file) { REQUIRE(::chmod(file.c_str(), 0600) == 0); }

} // namespace

TEST_CASE("init: shows verdicts, changes nothing in the mailbox, and writes what `config check` and `run` take") {
    const NewMailbox mailbox;
    const Finished finished = run_process({"sh", "-c", "echo pw | " + quoted(mailbox.command({"--password-stdin"}))});
    INFO(finished.out + finished.err);
    REQUIRE(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains("The inbox holds 1 message.") && Catch::Contains("Bounces/bad-mailbox") &&
                                 Catch::Contains("ann@example.com") && Catch::Contains("user-unknown") &&
                                 Catch::Contains("nixie doctor -c " + mailbox.config));
    CHECK(mailbox.server.files(mailbox.user).size() == 1);
    CHECK(mailbox.server.files(mailbox.user, "Bounces.bad-mailbox").empty());

    CHECK(read_file(mailbox.config).find("\"pw\"") == std::string::npos);
    struct stat secret {};
    REQUIRE(::stat(mailbox.dir.file(mailbox.user + ".password").c_str(), &secret) == 0);
    CHECK((secret.st_mode & 07777U) == 0600);

    CHECK(run_process({NIXIE_BINARY, "config", "check", "-c", mailbox.config}).exit_code == 0);
    CHECK(run_process({NIXIE_BINARY, "run", "--once", "-c", mailbox.config}).exit_code == 0);
    CHECK(mailbox.server.files(mailbox.user, "Bounces.bad-mailbox").size() == 1);
}

TEST_CASE("init: on a terminal it asks, and shows no password") {
    const NewMailbox mailbox;
    auto command = mailbox.command({});
    command.erase(command.begin() + 2); // the address is asked for
    const Finished finished = run_process(
        {"sh", "-c", "printf 'ann@example.org\\npw\\n' | script -qec \"" + quoted(command) + "\" /dev/null"});
    INFO(finished.out + finished.err);
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains("Address of the bounce mailbox") && Catch::Contains("Password of ") &&
                                 Catch::Contains("Wrote "));
    CHECK(read_file(mailbox.dir.file("ann.password")) == "pw\n");
}

TEST_CASE("init: a refused login writes nothing and does not tell the password") {
    const NewMailbox mailbox;
    const auto names = mailbox.dir.listing();
    const Finished finished =
        run_process({"sh", "-c", "echo swordfish | " + quoted(mailbox.command({"--password-stdin"}))});
    CHECK(finished.exit_code == 77);
    CHECK_THAT(finished.err, Catch::Contains("user name or password refused") && !Catch::Contains("swordfish"));
    CHECK(mailbox.dir.listing() == names);
}

TEST_CASE("init: replaces no configuration without --force, and asks nothing before it says so") {
    const NewMailbox mailbox;
    mailbox.dir.write("nixie.toml", "# mine\n");
    const std::string given = mailbox.secret("pw");
    make_private(given);
    const Finished kept = run_process(mailbox.command({"--password-file", given}));
    CHECK(kept.exit_code == 74);
    CHECK_THAT(kept.err, Catch::Contains("--force"));
    CHECK(read_file(mailbox.config) == "# mine\n");
    CHECK(run_process(mailbox.command({"--password-file", given, "--force"})).exit_code == 0);
    CHECK_THAT(read_file(mailbox.config), Catch::Contains("password_file = \"" + given + "\""));
}

TEST_CASE("init: a sample that nobody changed is in nobody's way, one word more and it is kept") {
    const NewMailbox mailbox;
    const std::string sample = read_file(NIXIE_SOURCE_DIR "/conf/nixie.toml");
    const std::string given = mailbox.secret("pw");
    make_private(given);
    mailbox.dir.write("nixie.toml", sample + "# mine\n");
    CHECK(run_process(mailbox.command({"--password-file", given})).exit_code == 74);
    mailbox.dir.write("nixie.toml", sample);
    CHECK(run_process(mailbox.command({"--password-file", given})).exit_code == 0);
    CHECK_THAT(read_file(mailbox.config), Catch::Contains("password_file = \"" + given + "\""));
}

TEST_CASE("init --print: prints a configuration, logs in nowhere and writes nothing") {
    const TemporaryDirectory dir;
    const Finished finished = run_process({NIXIE_BINARY, "init", "ann@example.org", "--server",
                                           "imaps://nowhere.invalid", "--print", "--config", dir.file("nixie.toml")});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains("url = \"imaps://nowhere.invalid\"") &&
                                 Catch::Contains("password_file = \"" + dir.file("ann.password") + "\""));
    CHECK(dir.listing().empty());
}

TEST_CASE("init: without a terminal it never asks, but names the missing option") {
    struct Row {
        std::vector<std::string> arguments;
        std::string option;
    };
    const TemporaryDirectory dir;
    const auto row = GENERATE(values<Row>({
        {{}, "address as the argument"},
        {{"ann@example.org", "--server", "imaps://nowhere.invalid"}, "--password-file or --password-stdin"},
        {{"ann@example.invalid"}, "--server"},
        {{"ann@example.org", "--server", "outlook.office365.com"}, "--client-id"},
    }));
    std::vector<std::string> command{NIXIE_BINARY, "init", "--config", dir.file("nixie.toml")};
    command.insert(command.end(), row.arguments.begin(), row.arguments.end());
    const Finished finished = run_process({"sh", "-c", quoted(command) + " </dev/null"});
    CHECK(finished.exit_code == 64);
    CHECK_THAT(finished.err, Catch::Contains(row.option));
    CHECK(dir.listing().empty());
}

TEST_CASE("DNS: a real name server's records lead to the servers of a domain") {
    const NameServer server({"--srv-host=_imaps._tcp.example.org,second.example.org,993,20",
                             "--srv-host=_imaps._tcp.example.org,imap.example.org,1993,10",
                             "--srv-host=_imaps._tcp.none.example", "--mx-host=cloud.example,aspmx.l.google.com,1",
                             "--host-record=mail.plain.example,192.0.2.7"});
    SystemResolver resolver(server.port());
    const auto urls = [&](const char* domain) {
        std::vector<std::string> out;
        for (const auto& found : find_servers(resolver, domain)) out.push_back(found.url);
        return out;
    };
    using Urls = std::vector<std::string>;
    CHECK(urls("example.org") == Urls{"imaps://imap.example.org:1993", "imaps://second.example.org"});
    CHECK(urls("none.example").empty());
    CHECK(urls("cloud.example") == Urls{"imaps://imap.gmail.com"});
    CHECK(urls("plain.example") == Urls{"imaps://mail.plain.example"});
    CHECK(urls("unknown.example").empty());
}

// What the program says, and with which code it ends, when something outside is wrong.
#include <catch2/catch.hpp>

#include "support/loopback_port.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

std::string login(const std::string& url, const std::string& password) {
    return "url = \"" + url + "\"\nuser = \"someone\"\npassword_command = \"echo " + password + "\"\n";
}

} // namespace

TEST_CASE("wrong password: the run ends with 77 and does not tell it") {
    const TemporaryDirectory dir;
    const std::string scheme = GENERATE("imap", "pop3");
    const std::string url = Dovecot::with().endpoint(scheme, "someone").url;
    const std::string more = scheme == "pop3" ? "maildir = \"" + dir.file("local") + "\"\n" : "";
    const Scene scene = make_scene(dir, "wrong", dir.path(), login(url, "swordfish") + more);
    const auto command =
        GENERATE(std::vector<std::string>{"run", "--once"}, std::vector<std::string>{"run", "--dry-run"});
    const Finished finished = scene.nixie(command);
    CHECK(finished.exit_code == 77);
    CHECK_THAT(finished.err, Catch::Contains("user name or password refused") && Catch::Contains(url) &&
                                 !Catch::Contains("swordfish"));
    CHECK_THAT(finished.out, !Catch::Contains("swordfish"));
}

TEST_CASE("nobody listens on the port: the run ends with 69 and says what to check") {
    const TemporaryDirectory dir;
    const LoopbackPort port(LoopbackPort::Behaviour::closed);
    const std::string url = "imap://127.0.0.1:" + port.number();
    const Finished finished = make_scene(dir, "closed", dir.path(), login(url, "pw")).nixie({"run", "--once"});
    CHECK(finished.exit_code == 69);
    CHECK(finished.err == "nixie: mailbox bounces (" + url +
                              "): the server does not accept connections; check host name, port and firewall\n");
}

TEST_CASE("a certificate of an unknown authority: the run ends with 69 and speaks of ca_file") {
    const TemporaryDirectory dir;
    const auto endpoint = Dovecot::with({"--tls"}).endpoint(GENERATE("imaps", "pop3s"), "someone");
    const std::string more = endpoint.url.starts_with("pop3s") ? "maildir = \"" + dir.file("local") + "\"\n" : "";
    const Scene unknown = make_scene(dir, "unknown", dir.path(), login(endpoint.url, "pw") + more);
    const Finished refused = unknown.nixie({"run", "--once"});
    CHECK(refused.exit_code == 69);
    CHECK_THAT(refused.err, Catch::Contains(endpoint.url) && Catch::Contains("certificate is not trusted") &&
                                Catch::Contains("ca_file"));
    const Scene known = make_scene(dir, "known", dir.path(),
                                   login(endpoint.url, "pw") + more + "ca_file = \"" + endpoint.ca_file + "\"\n");
    const Finished accepted = known.nixie({"run", "--once"});
    CHECK(accepted.err == "");
    CHECK(accepted.exit_code == 0);
}

TEST_CASE("a broken configuration: every command ends with 78 and names file and line") {
    const TemporaryDirectory dir;
    struct Broken {
        std::string text;
        std::string line;
        std::string complaint;
    };
    const auto broken = GENERATE(
        Broken{"state = \"/tmp/j\"\n[[mailbox]\n", "2", ""},
        Broken{"state = \"/tmp/j\"\n\n[[mailbox]]\nname = \"a\"\nurl = \"maildir:/tmp/m\"\n"
               "pol = \"5m\"\n",
               "6", "pol"},
        Broken{"state = \"/tmp/j\"\n[[mailbox]]\nname = \"a\"\nurl = \"gopher://x\"\n", "4", "protocol is not known"});
    const std::string file = dir.write("broken.toml", broken.text);
    const auto command =
        GENERATE(std::vector<std::string>{"run", "--once"}, std::vector<std::string>{"run"},
                 std::vector<std::string>{"due"}, std::vector<std::string>{"doctor"},
                 std::vector<std::string>{"recipient", "ann@example.org"}, std::vector<std::string>{"config", "check"});
    const Finished finished = Scene{{}, {}, file}.nixie(command);
    CHECK(finished.exit_code == 78);
    CHECK(finished.out == "");
    CHECK_THAT(finished.err, Catch::Contains(file + ":" + broken.line + ":") && Catch::Contains(broken.complaint));
}

TEST_CASE("no folder for the journal: the run ends with 74 and names it") {
    const TemporaryDirectory dir;
    const std::string journal = dir.file("absent/nixie.db");
    const std::string file =
        dir.write("nixie.toml", "state = \"" + journal +
                                    "\"\n[[mailbox]]\nname = \"a\"\nurl = \"maildir:" + dir.path().string() + "\"\n");
    const Finished finished = Scene{{}, journal, file}.nixie({"run", "--once"});
    CHECK(finished.exit_code == 74);
    CHECK_THAT(finished.err, Catch::Contains(journal) && Catch::Contains("check that the folder exists"));
}

TEST_CASE("wrong arguments: the program ends with 64 and says what it does not understand") {
    struct Wrong {
        std::vector<std::string> arguments;
        std::string complaint;
    };
    const auto wrong =
        GENERATE(Wrong{{"run", "--twice"}, "--twice"}, Wrong{{"walk"}, "walk"}, Wrong{{}, "which command?"},
                 Wrong{{"recipient"}, "address is required"}, Wrong{{"classify"}, "path is required"},
                 Wrong{{"config", "chekc"}, "chekc"}, Wrong{{"config"}, "which command?"});
    auto command = wrong.arguments;
    command.insert(command.begin(), NIXIE_BINARY);
    const Finished finished = run_process(command);
    CHECK(finished.exit_code == 64);
    CHECK(finished.out == "");
    CHECK_THAT(finished.err, Catch::Contains(wrong.complaint));
}

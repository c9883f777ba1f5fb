// What the program does to recipients at a person's word, on a journal without a mailbox.
#include <catch2/catch.hpp>

#include <filesystem>

#include "program/bounced_scene.hpp"
#include "program/run.hpp"
#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

std::string out(const Scene& scene, const std::vector<std::string>& arguments) {
    const Finished finished = scene.nixie(arguments);
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    return finished.out;
}

} // namespace

TEST_CASE("suppressions: added, listed, exported and removed") {
    const TemporaryDirectory dir;
    const Scene scene = bounced_scene(dir);
    CHECK(out(scene, {"suppressions", "add", "cy@example.org", "--cause", "rang, and asked \x1b[2J"}) ==
          "1 of 1 addresses suppressed\n");
    const std::string table = out(scene, {"suppressions", "list"});
    CHECK_THAT(table,
               Catch::Contains("hard-bounce  ann@example.org") && Catch::Contains("person       cy@example.org"));
    CHECK_THAT(table, !Catch::Contains("\x1b"));
    const auto lines = json_lines(out(scene, {"suppressions", "list", "--json"}));
    REQUIRE(lines.size() == 2);
    CHECK(lines[1]["ground"] == "person");
    CHECK_THAT(out(scene, {"suppressions", "export"}),
               Catch::StartsWith("address,since,ground,cause\nann@example.org,20") && !Catch::Contains("\x1b"));

    CHECK(out(scene, {"suppressions", "remove", "ann@example.org", "nobody@example.org"}) ==
          "1 of 2 addresses are no longer suppressed\n");
    CHECK(json_lines(out(scene, {"suppressions", "list", "--json"})).size() == 1);
    CHECK(json_lines(out(scene, {"recipient", "ann@example.org", "--json"}))[0]["state"] == "clear");
    CHECK(scene.nixie({"suppressions", "remove", "nobody@example.org"}).exit_code == 67);
    CHECK(scene.nixie({"suppressions", "add", "no address"}).exit_code == 64);
    CHECK(scene.nixie({"suppressions", "add"}).exit_code == 64);
}

TEST_CASE("suppressions: a file with a line that is no address changes nothing") {
    const TemporaryDirectory dir;
    const Scene scene = bounced_scene(dir);
    const auto good = dir.write("good", "# from the old system\ncy@example.org\n<di@example.org>\n");
    const auto bad = dir.write("bad", "ed@example.org\nnonsense\n");
    CHECK(scene.nixie({"suppressions", "add", "--from", bad}).exit_code == 66);
    CHECK(json_lines(out(scene, {"suppressions", "list", "--json"})).size() == 1);
    CHECK(out(scene, {"suppressions", "add", "--from", good}) == "2 of 2 addresses suppressed\n");
}

TEST_CASE("suppressions: Postfix itself reads the exported map and finds each address in it") {
    if (!std::filesystem::exists("/usr/sbin/postmap")) FAIL("no postmap: scripts/install-packages test");
    const TemporaryDirectory dir;
    const Scene scene = bounced_scene(dir);
    out(scene, {"suppressions", "add", "Cy+News@Example.org", "#hash@example.org", "\"odd name\"@example.org"});
    const Finished exported = scene.nixie({"suppressions", "export", "--format", "postfix"});
    CHECK(exported.exit_code == 0);
    CHECK(exported.err == "nixie: 2 addresses that a Postfix map cannot hold were left out\n");
    const auto map = dir.write("suppressed", exported.out);
    std::filesystem::create_directory(dir.path() / "postfix");
    dir.write("postfix/main.cf", "compatibility_level = 3.6\nqueue_directory = " + dir.path().string() + "\n");
    const std::vector<std::string> postmap{"/usr/sbin/postmap", "-c", dir.file("postfix")};
    const auto call = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), postmap.begin(), postmap.end());
        return run_process(arguments);
    };
    const Finished made = call({"hash:" + map});
    CHECK(made.err == "");
    REQUIRE(made.exit_code == 0);
    CHECK(call({"-q", "ann@example.org", "hash:" + map}).out == "REJECT suppressed: hard-bounce\n");
    CHECK(call({"-q", "cy+news@example.org", "hash:" + map}).out == "REJECT suppressed: person\n");
    CHECK(call({"-q", "bob@example.org", "hash:" + map}).out == "");
}

TEST_CASE("recipient: cleared, with its cause in the history, and forgotten") {
    const TemporaryDirectory dir;
    const Scene scene = bounced_scene(dir);
    CHECK(out(scene, {"recipient", "Ann@example.org", "clear", "--cause", "a typing error of ours"}) ==
          "Ann@example.org: clear; reports from before now count no more\n");
    CHECK_THAT(out(scene, {"recipient", "ann@example.org"}),
               Catch::StartsWith("ann@example.org: clear\n") &&
                   Catch::Contains("clear    cleared by command: a typing error of ours"));
    CHECK_THAT(out(scene, {"recipient", "ann@example.org", "forget"}),
               Catch::StartsWith("ann@example.org: forgotten, with 1 reports\n"));
    CHECK(scene.nixie({"recipient", "ann@example.org"}).exit_code == 67);
    CHECK(scene.nixie({"recipient", "ann@example.org", "forget"}).exit_code == 67);
    CHECK(scene.nixie({"recipient", "ann@example.org", "clear"}).exit_code == 67);
}

TEST_CASE("delivered: a mail server's log clears those it reached, and creates nobody") {
    const TemporaryDirectory dir;
    const Scene scene = bounced_scene(dir);
    const std::string entry = ", relay=mx.example.org[192.0.2.1]:25, dsn=2.0.0, status=sent (250 ok)\n";
    const auto log =
        dir.write("log", "2100-01-01T00:00:00Z mail postfix/smtp[1]: 4Y: to=<bob@example.org>" + entry +
                             "2001-01-01T00:00:00Z mail postfix/smtp[1]: 4Y: to=<ann@example.org>" + entry +
                             "2100-01-01T00:00:00Z mail postfix/smtp[1]: 4Y: to=<new@example.org>" + entry);
    CHECK(out(scene, {"delivered", "--from", log}) ==
          "3 lines, 3 deliveries, 2 to addresses in the journal, 1 addresses cleared\n");
    CHECK(json_lines(out(scene, {"recipient", "bob@example.org", "--json"}))[0]["state"] == "clear");
    CHECK(json_lines(out(scene, {"recipient", "ann@example.org", "--json"}))[0]["state"] == "suppressed");
    CHECK(scene.nixie({"recipient", "new@example.org"}).exit_code == 67);
    CHECK(scene.nixie({"delivered", "--from", dir.file("missing")}).exit_code == 66);
}

TEST_CASE("privacy: with hashed addresses the program answers by address and shows none") {
    const TemporaryDirectory dir;
    const auto key = dir.write("key", std::string(64, '7') + "\n");
    std::filesystem::permissions(key, std::filesystem::perms::owner_read);
    const Scene scene = bounced_scene(dir, "[privacy]\naddresses = \"hashed\"\nkey_file = \"" + key + "\"\n");
    CHECK_THAT(out(scene, {"recipient", "ann@example.org"}),
               Catch::StartsWith("hmac:") && Catch::Contains(": suppressed\n"));
    CHECK_THAT(out(scene, {"suppressions", "export", "--format", "json"}), Catch::StartsWith("{\"address\":\"hmac:"));
    CHECK(scene.nixie({"suppressions", "export", "--format", "postfix"}).exit_code == 78);
    CHECK(scene.rows("SELECT address FROM bounces").find('@') == std::string::npos);
}

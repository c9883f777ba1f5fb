// What the program tells of its journal and its configuration.
#include <catch2/catch.hpp>

#include <chrono>

#include "support/json_lines.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

Time hours_ago(int hours) {
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    return now - std::chrono::hours(hours);
}

/// bob's mailbox was full two hours ago, cid's a minute ago, and ann's is unknown.
Scene scene_with_journal(const TemporaryDirectory& dir) {
    const Dovecot& dovecot = Dovecot::with();
    const std::string user = Dovecot::new_user();
    const std::string full = "452 4.2.2 Mailbox full";
    dovecot.deliver(user, bounce_message("1", "bob@example.org", "4.2.2", full), "", hours_ago(2));
    dovecot.deliver(user, bounce_message("2", "cid@example.org", "4.2.2", full), "", hours_ago(0));
    dovecot.deliver(user, bounce_message("3", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"), "", hours_ago(2));
    Scene scene = imap_scene(dir, dovecot, user);
    const Finished finished = scene.nixie({"run", "--once"});
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return scene;
}

} // namespace

TEST_CASE("due: lists the recipients whose time has come, the earliest first") {
    const TemporaryDirectory dir;
    const Scene scene = scene_with_journal(dir);
    const Finished due = scene.nixie({"due", "--json"});
    CHECK(due.err == "");
    REQUIRE(due.exit_code == 0);
    const auto lines = json_lines(due.out);
    REQUIRE(lines.size() == 1);
    CHECK(lines[0]["address"] == "bob@example.org");
    CHECK(lines[0]["state"] == "due");
    CHECK(lines[0]["window"] == "1h");
    CHECK(lines[0]["reason"] == "mailbox-full");
    CHECK(lines[0]["original_message_id"] == "1@sender.example");

    const auto waiting = json_lines(scene.nixie({"due", "--json", "--waiting"}).out);
    REQUIRE(waiting.size() == 2);
    CHECK(waiting[1]["address"] == "cid@example.org");
    CHECK(waiting[1]["state"] == "waiting");
    CHECK_THAT(scene.nixie({"due"}).out, Catch::Contains("bob@example.org") && !Catch::Contains("cid@example.org"));
}

TEST_CASE("recipient: tells where an address stands and why, in any case of its letters") {
    const TemporaryDirectory dir;
    const Scene scene = scene_with_journal(dir);
    const Finished text = scene.nixie({"recipient", "Ann@Example.ORG"});
    CHECK(text.exit_code == 0);
    CHECK(text.err == "");
    CHECK_THAT(text.out, Catch::StartsWith("ann@example.org: suppressed\n") && Catch::Contains("user-unknown"));
    const auto json = json_lines(scene.nixie({"recipient", "bob@example.org", "--json"}).out);
    REQUIRE(json.size() == 1);
    CHECK(json[0]["state"] == "due");
    CHECK(json[0]["soft_bounces"] == 1);
    CHECK(json[0]["events"][0]["folder"] == "Bounces/quota-issues");

    const Finished nobody = scene.nixie({"recipient", "nobody@example.org"});
    CHECK(nobody.exit_code == 67);
    CHECK(nobody.out == "");
    CHECK(nobody.err == "No report about nobody@example.org has been recorded.\n");
}

TEST_CASE("due and recipient: without a journal they say what to run first") {
    const TemporaryDirectory dir;
    const Scene scene = maildir_scene(dir, "fresh");
    const auto command =
        GENERATE(std::vector<std::string>{"due"}, std::vector<std::string>{"recipient", "ann@example.org"});
    const Finished finished = scene.nixie(command);
    CHECK(finished.exit_code == 66);
    CHECK(finished.out == "");
    CHECK_THAT(finished.err, Catch::Contains(scene.journal) && Catch::Contains("run `nixie run` first"));
    CHECK(dir.listing() == std::set<std::string>{"fresh.toml"});
}

TEST_CASE("config check: says what it has understood and connects nowhere") {
    const TemporaryDirectory dir;
    const Scene scene = make_scene(dir, "scene", dir.path(),
                                   "url = \"imaps://mail.invalid\"\nuser = \"me\"\npassword_command = \"false\"\n");
    const Finished finished = scene.nixie({"config", "check"});
    CHECK(finished.err == "");
    CHECK(finished.exit_code == 0);
    CHECK(finished.out == scene.config + ": good\njournal " + scene.journal +
                              "\nfolders below Bounces\nretry after 1h, 1d, 1w\n"
                              "mailbox bounces: imaps://mail.invalid as me\n");
}

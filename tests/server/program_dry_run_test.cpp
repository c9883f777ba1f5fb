// What only looks must leave no trace.
#include <catch2/catch.hpp>

#include <filesystem>

#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

namespace fs = std::filesystem;

/// Every name below it with its content; not the server's own indexes, which it writes whenever anyone looks.
std::map<std::string, std::string> contents(const fs::path& folder) {
    std::map<std::string, std::string> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().filename().string().starts_with("dovecot")) continue;
        out[entry.path().string()] = entry.is_directory() ? "" : read_file(entry.path());
    }
    return out;
}

Scene filled_scene(const TemporaryDirectory& dir, bool on_server) {
    const std::string user = Dovecot::new_user();
    Scene scene = on_server ? imap_scene(dir, Dovecot::with(), user) : maildir_scene(dir, user);
    deliver(scene.maildir,
            {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
             bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full"), ordinary_message("3")});
    return scene;
}

} // namespace

TEST_CASE("a dry run: tells every verdict and changes nothing anywhere") {
    const TemporaryDirectory dir;
    const Scene scene = filled_scene(dir, GENERATE(true, false));
    const auto mailbox = contents(scene.maildir);
    const auto names = dir.listing();

    const Finished finished = scene.nixie({"run", "--dry-run"});
    CHECK(finished.exit_code == 0);
    CHECK(finished.err == "");
    CHECK_THAT(finished.out, Catch::Contains("-> Bounces/bad-mailbox") && Catch::Contains("ann@example.org") &&
                                 Catch::Contains("user-unknown") && Catch::Contains("-> Bounces/quota-issues") &&
                                 Catch::Contains("-> Bounces/ordinary"));
    CHECK_THAT(finished.out, Catch::Contains("bounces: 3 in the inbox, 3 read, 3 to file"));
    CHECK(contents(scene.maildir) == mailbox);
    CHECK(dir.listing() == names);
}

TEST_CASE("a dry run: an existing journal stays as it is") {
    const TemporaryDirectory dir;
    const Scene scene = filled_scene(dir, GENERATE(true, false));
    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    deliver(scene.maildir, {bounce_message("4", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    const auto mailbox = contents(scene.maildir);
    const auto names = dir.listing();
    const std::string journal = read_file(scene.journal);

    const Finished finished = scene.nixie({"run", "--dry-run"});
    CHECK(finished.err == "");
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains("bounces: 1 in the inbox, 1 read, 1 to file"));
    CHECK(contents(scene.maildir) == mailbox);
    CHECK(dir.listing() == names);
    CHECK((read_file(scene.journal) == journal));
}

TEST_CASE("doctor: shows server, capabilities and folders to come, and changes nothing") {
    const TemporaryDirectory dir;
    const Scene scene = filled_scene(dir, true);
    const auto mailbox = contents(scene.maildir);
    const auto names = dir.listing();

    const Finished finished = scene.nixie({"doctor"});
    CHECK(finished.exit_code == 0);
    CHECK(finished.err == "");
    CHECK_THAT(finished.out, Catch::Contains("logged in as ") && Catch::Contains(" IDLE, ") &&
                                 Catch::Contains("messages are moved by MOVE") && Catch::Contains("3 messages") &&
                                 Catch::Contains("created below Bounces when first needed") &&
                                 Catch::Contains("All well."));
    CHECK(contents(scene.maildir) == mailbox);
    CHECK(dir.listing() == names);
}

TEST_CASE("doctor: names no folder as missing that is there") {
    const TemporaryDirectory dir;
    const Scene scene = filled_scene(dir, GENERATE(true, false));
    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    const Finished finished = scene.nixie({"doctor"});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains("0 messages") && Catch::Contains("Bounces/bad-domain") &&
                                 !Catch::Contains("Bounces/bad-mailbox") && !Catch::Contains("Bounces/ordinary"));
}

// The command that is told of events.
#include <catch2/catch.hpp>

#include <set>

#include <SQLiteCpp/SQLiteCpp.h>

#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

/// After a first run over three bounces.
Scene run_with_command(const TemporaryDirectory& dir, const std::string& command) {
    Scene scene = maildir_scene(dir, "scene", "[notify]\ncommand = \"" + command + "\"\n");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
                            bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full"),
                            bounce_message("3", "cid@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    const Finished finished = scene.nixie({"run", "--once"});
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return scene;
}

} // namespace

TEST_CASE("a notify command: is told of every event once") {
    const TemporaryDirectory dir;
    const std::string told = dir.file("told");
    const Scene scene = run_with_command(dir, "cat >> " + told);
    const auto events = json_lines(read_file(told));
    CHECK(std::to_string(events.size()) + "\n" == scene.rows("SELECT count(*) FROM outbox"));
    std::multiset<std::string> bounces;
    for (const auto& event : events)
        if (event["event"] == "bounce") bounces.insert(event["address"]);
    CHECK(bounces == std::multiset<std::string>{"ann@example.org", "bob@example.org", "cid@example.org"});

    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(json_lines(read_file(told)).size() == events.size());
}

TEST_CASE("a notify command that fails: is told again once the time has come, and the run is well") {
    const TemporaryDirectory dir;
    const std::string told = dir.file("told"), ready = dir.file("ready");
    const Scene scene = run_with_command(dir, "test -e " + ready + " && cat >> " + told);
    CHECK_FALSE(std::filesystem::exists(told));
    CHECK(scene.rows("SELECT count(*) FROM messages WHERE stage = 'filed'") == "3\n");
    CHECK(scene.rows("SELECT attempts, last_error FROM outbox WHERE attempts > 0") == "1 exit code 1\n");

    write_file(ready, "");
    SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec("UPDATE outbox SET ready_at = 0");
    const Finished again = scene.nixie({"run", "--once"});
    CHECK(again.err == "");
    CHECK(std::to_string(json_lines(read_file(told)).size()) + "\n" == scene.rows("SELECT count(*) FROM outbox"));
}

// Runs that go on, and runs that meet.
#include <catch2/catch.hpp>

#include <chrono>
#include <set>

#include "support/eventually.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

std::vector<std::string> some_bounces(std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i) {
        const std::string id = std::to_string(i);
        out.push_back(bounce_message(id, "reader" + id + "@example.org", "5.1.1", "550 5.1.1 User unknown"));
    }
    return out;
}

std::size_t in_folder(const Scene& scene) {
    const auto counts = message_counts(scene.maildir);
    const auto found = counts.find(".Bounces.bad-mailbox");
    return found == counts.end() ? 0 : found->second;
}

Scene new_scene(const TemporaryDirectory& dir, bool on_server) {
    const std::string user = Dovecot::new_user();
    return on_server ? imap_scene(dir, Dovecot::with(), user) : maildir_scene(dir, user);
}

} // namespace

TEST_CASE("a service: files what arrives while it waits, and ends when told") {
    const TemporaryDirectory dir;
    const Scene scene = new_scene(dir, GENERATE(true, false));
    const auto bounces = some_bounces(3);
    deliver(scene.maildir, {bounces[0]});
    Running service(scene.command({"run"}));
    REQUIRE(eventually([&] { return in_folder(scene) == 1; }));
    deliver(scene.maildir, {bounces[1]});
    REQUIRE(eventually([&] { return in_folder(scene) == 2; }));
    deliver(scene.maildir, {bounces[2]});
    REQUIRE(eventually([&] { return in_folder(scene) == 3; }));

    const auto told = std::chrono::steady_clock::now();
    service.terminate();
    const Finished finished = service.wait();
    INFO(finished.err);
    CHECK(finished.exit_code == 0);
    CHECK(std::chrono::steady_clock::now() - told < std::chrono::seconds(5));
    CHECK(message_counts(scene.maildir) == std::map<std::string, std::size_t>{{".Bounces.bad-mailbox", 3}});
    CHECK(scene.rows("SELECT count(*) FROM bounces") == "3\n");
}

TEST_CASE("a service: a second run on its journal says who is working and ends with 75") {
    const TemporaryDirectory dir;
    const Scene scene = new_scene(dir, GENERATE(true, false));
    deliver(scene.maildir, some_bounces(1));
    Running service(scene.command({"run"}));
    REQUIRE(eventually([&] { return in_folder(scene) == 1; }));
    const Finished second = scene.nixie({"run", "--once"});
    CHECK(second.exit_code == 75);
    CHECK(second.out == "");
    CHECK(second.err == "nixie: " + scene.journal + ": another nixie is working on this journal (pid " +
                            std::to_string(service.pid()) +
                            "); wait for it to end, or give this one its own `state`\n");
    const Finished dry = scene.nixie({"run", "--dry-run"});
    CHECK(dry.exit_code == 0);
}

TEST_CASE("two passes started together: each message is filed once and counted once") {
    const TemporaryDirectory dir;
    const Scene scene = new_scene(dir, GENERATE(true, false));
    deliver(scene.maildir, some_bounces(500));
    Running one(scene.command({"run", "--once"}));
    Running other(scene.command({"run", "--once"}));
    for (Running* const run : {&one, &other}) {
        const Finished finished = run->wait();
        INFO(finished.err);
        CHECK((finished.exit_code == 0 || finished.exit_code == 75));
    }
    CHECK(message_counts(scene.maildir) == std::map<std::string, std::size_t>{{".Bounces.bad-mailbox", 500}});
    CHECK(scene.rows("SELECT stage, count(*) FROM messages GROUP BY stage") == "filed 500\n");
    CHECK(scene.rows("SELECT count(*) FROM bounces") == "500\n");
}

// Not on a server: Dovecot copies before it expunges, so two sessions that MOVE the same message may both copy it.
TEST_CASE("two passes with journals of their own on one Maildir: no message is lost or doubled") {
    const TemporaryDirectory dir;
    const Scene first = maildir_scene(dir, "first");
    const Scene second = make_scene(dir, "second", first.maildir, "url = \"maildir:" + first.maildir.string() + "\"\n");
    deliver(first.maildir, some_bounces(500));
    Running one(first.command({"run", "--once"}));
    Running other(second.command({"run", "--once"}));
    for (Running* const run : {&one, &other}) {
        const Finished finished = run->wait();
        CHECK(finished.err == "");
        CHECK(finished.exit_code == 0);
    }
    CHECK(message_counts(first.maildir) == std::map<std::string, std::size_t>{{".Bounces.bad-mailbox", 500}});
    const auto ids = message_ids(first.maildir).at(".Bounces.bad-mailbox");
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 500);
}

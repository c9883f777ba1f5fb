// Kills the program at every step by which it changes the world, before and after it, and runs it again: the outcome must be
// the one of a run that nobody disturbed.
#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <set>

#include "fault/outcome.hpp"
#include "support/kill_shim.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

#ifdef __SANITIZE_ADDRESS__
/// With sanitizers everything takes several times as long; the build without them tries every step.
constexpr std::size_t stride = 7;
#else
constexpr std::size_t stride = 1;
#endif

std::vector<std::string> some_messages() {
    return {
        bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
        bounce_message("2", "bob@example.org", "5.1.1", "550 5.1.1 User unknown"),
        bounce_message("3", "cid@example.org", "4.2.2", "452 4.2.2 Mailbox full"),
        bounce_message("4", "dan@example.org", "5.2.2", "552 5.2.2 Mailbox full"),
        bounce_message("5", "dan@example.org", "5.2.2", "552 5.2.2 Mailbox full"),
        bounce_message("6", "eve@example.org", "5.7.1", "554 5.7.1 Message looks like spam"),
        ordinary_message("7"),
    };
}

using Command = std::vector<std::string>;
const Command one_pass{"run", "--once", "--quiet"};
const Command reprocess{"reprocess", "--json"};

/// Makes a scene of that name, as often as asked.
using MakeScene = std::function<Scene(const std::string& name)>;

void kill_at_every_step(const TemporaryDirectory& dir, const MakeScene& filled_scene, const Command& command,
                        const std::set<std::string>& expected_steps) {
    const Scene calm = filled_scene("calm");
    const auto steps = steps_of(calm, command, dir);
    const std::string expected = outcome(calm);
    REQUIRE(message_counts(calm.maildir).count("") == 0);
    REQUIRE(calm.rows("SELECT stage, count(*) FROM messages GROUP BY stage") == "filed 7\n");
    REQUIRE(calm.rows("SELECT count(*) FROM bounces") == "6\n");
    for (const auto& kind : expected_steps) {
        CAPTURE(kind);
        REQUIRE(std::any_of(steps.begin(), steps.end(), [&](const auto& step) { return step.ends_with(" " + kind); }));
    }
    for (std::size_t step = 1; step <= steps.size(); step += stride) {
        for (const std::string when : {"before", "after"}) {
            INFO("killed " << when << " step " << steps[step - 1]);
            const Scene scene = filled_scene(std::to_string(step) + when);
            const auto killed = killed_at(scene, command, step, when);
            REQUIRE(killed.signal == SIGKILL);
            const auto again = scene.nixie(command);
            CHECK(again.err == "");
            CHECK(again.exit_code == 0);
            CHECK(outcome(scene) == expected);
        }
    }
}

/// With messages that nobody has read yet.
MakeScene unread(const MakeScene& make_scene) {
    return [make_scene](const std::string& name) {
        Scene scene = make_scene(name);
        deliver(scene.maildir, some_messages());
        return scene;
    };
}

/// With all filed, and rules changed since: full mailboxes are unknown users now.
MakeScene filed_by_other_rules(const TemporaryDirectory& dir, const MakeScene& make_scene) {
    std::filesystem::create_directories(dir.path() / "rules");
    dir.write("rules/own.toml",
              "[[rule]]\nid = \"user-unknown.full\"\nreason = \"user-unknown\"\n"
              "text = ['Mailbox full']\nsource = \"ours\"\nexamples = ['552 5.2.2 Mailbox full']\n");
    return [&dir, make = unread(make_scene)](const std::string& name) {
        Scene scene = make(name);
        REQUIRE(scene.nixie(one_pass).exit_code == 0);
        std::ofstream(scene.config, std::ios::app) << "[rules]\ndirectory = \"" << dir.file("rules") << "\"\n";
        return scene;
    };
}

} // namespace

TEST_CASE("killed at every step over a Maildir: every message is filed once and counted once") {
    const TemporaryDirectory dir;
    kill_at_every_step(dir, unread([&](const std::string& name) { return maildir_scene(dir, name); }), one_pass,
                       {"fdatasync", "fsync", "mkdirat", "renameat2"});
}

TEST_CASE("killed at every step over POP3: every message is filed once, counted once and gone from the server") {
    const Dovecot dovecot;
    const TemporaryDirectory dir;
    const auto pop3_scene = [&](const std::string& name) {
        return make_scene(dir, name, dovecot.maildir(name), pop3_keys(dovecot.endpoint("pop3", name).url, dir, name));
    };
    kill_at_every_step(dir, unread(pop3_scene), one_pass, {"fdatasync", "fsync", "renameat2", "send"});
}

TEST_CASE("killed at every step over IMAP: every message is filed once and counted once") {
    const auto options = GENERATE(std::vector<std::string>{}, std::vector<std::string>{"--hide-move"},
                                  std::vector<std::string>{"--hide-move", "--hide-uidplus"});
    const Dovecot dovecot(options);
    const TemporaryDirectory dir;
    kill_at_every_step(dir, unread([&](const std::string& name) { return imap_scene(dir, dovecot, name); }), one_pass,
                       {"fdatasync", "send"});
}

TEST_CASE("reprocess killed at every step: the next one ends where an undisturbed one would have ended") {
    const TemporaryDirectory dir;
    if (GENERATE(true, false)) {
        kill_at_every_step(dir,
                           filed_by_other_rules(dir, [&](const std::string& name) { return maildir_scene(dir, name); }),
                           reprocess, {"fdatasync", "fsync", "renameat2"});
    } else {
        const Dovecot dovecot;
        kill_at_every_step(
            dir, filed_by_other_rules(dir, [&](const std::string& name) { return imap_scene(dir, dovecot, name); }),
            reprocess, {"fdatasync", "send"});
    }
}

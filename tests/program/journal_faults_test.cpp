// What goes wrong with the journal: said clearly, the mailbox as it was, and nothing lost once it is mended.
#include <SQLiteCpp/Database.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/process.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

constexpr int messages = 300;

/// A full inbox beside a journal that is to lie in `dir`/disk.
Scene scene_on_disk(const TemporaryDirectory& dir) {
    std::filesystem::create_directory(dir.path() / "disk");
    const Scene scene = maildir_scene(dir, "disk/scene");
    // The mailbox is on another disk than the journal.
    const auto inbox = dir.path() / "mail";
    const std::string config = "state = \"" + scene.journal +
                               "\"\n[[mailbox]]\nname = \"bounces\"\nurl = \"maildir:" + inbox.string() + "\"\n";
    std::vector<std::string> all;
    for (int i = 0; i < messages; ++i)
        all.push_back(bounce_message(std::to_string(i), "r" + std::to_string(i) + "@example.org", "5.1.1",
                                     "550 5.1.1 User unknown " + std::string(1500, 'x')));
    deliver(inbox, all);
    return {inbox, scene.journal, dir.write("scene.toml", config)};
}

/// Runs shell commands where mounts are private. `$nixie` runs the program on the scene; `$disk` is the journal's folder.
Finished in_private_mounts(const Scene& scene, const TemporaryDirectory& dir, const std::string& script) {
    const std::string variables = "disk='" + dir.file("disk") + "'; mail='" + scene.maildir.string() +
                                  "'; nixie() { '" NIXIE_BINARY "' \"$@\" --config '" + scene.config + "'; }; ";
    return run_process({"unshare", "--map-root-user", "--mount", "sh", "-c", variables + script});
}

/// A chroot and many containers allow none; there is nothing to be tried there.
bool has_private_mounts() {
    const Finished tried = run_process({"unshare", "--map-root-user", "--mount", "true"});
    if (tried.exit_code != 0) WARN("skipped, no private mounts here: " + tried.err);
    return tried.exit_code == 0;
}

/// Runs the program where the clock is as faketime(1) makes it; the sanitizer's runtime expects to be loaded before its library.
Finished on_clock(const Scene& scene, const std::string& clock, const std::vector<std::string>& arguments) {
    std::vector<std::string> command{"env", "ASAN_OPTIONS=verify_asan_link_order=0", "faketime", "-f", clock};
    for (const auto& word : scene.command(arguments)) command.push_back(word);
    return run_process(command);
}

std::size_t inbox_count(const Scene& scene) { return message_counts(scene.maildir)[""]; }

} // namespace

TEST_CASE("disk full: the program says so, moves nothing, and goes on when there is room") {
    if (!has_private_mounts()) return;
    const TemporaryDirectory dir;
    const Scene scene = scene_on_disk(dir);
    const Finished full = in_private_mounts(scene, dir, R"(
        mount -t tmpfs -o size=800k none "$disk" || exit 99
        nixie run --once --quiet
        echo "first $?, $(ls "$mail/new" "$mail/cur" | grep -c example) of the inbox left"
        mount -o remount,size=50m "$disk"
        nixie run --once --quiet
        echo "second $?"
        nixie db check
        nixie suppressions list --json | wc -l)");
    INFO(full.err);
    CHECK_THAT(full.err, Catch::Contains("disk is full") && Catch::Contains("free disk space"));
    CHECK_THAT(full.out,
               Catch::Contains("first 74") && Catch::Contains("second 0\n") && Catch::EndsWith(": whole\n300\n"));
    CHECK(inbox_count(scene) == 0);
}

TEST_CASE("read-only disk: the program says so and moves nothing") {
    if (!has_private_mounts()) return;
    const TemporaryDirectory dir;
    const Scene scene = scene_on_disk(dir);
    const Finished finished = in_private_mounts(scene, dir, R"(
        mount -t tmpfs none "$disk" || exit 99
        nixie run --once --dry-run --quiet
        mount -o remount,ro "$disk"
        nixie run --once --quiet)");
    INFO(finished.err);
    CHECK(finished.exit_code == 74);
    CHECK_THAT(finished.err, Catch::Contains("Read-only file system"));
    CHECK(inbox_count(scene) == messages);
}

TEST_CASE("damaged journal: the program tells of backups and moves nothing; a backup goes on where it was") {
    const TemporaryDirectory dir;
    const Scene scene = maildir_scene(dir, "scene");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    REQUIRE(scene.nixie({"run", "--once", "--quiet"}).exit_code == 0);
    const auto backup = dir.file("backup.db");
    REQUIRE(scene.nixie({"db", "backup", backup}).exit_code == 0);
    CHECK(scene.nixie({"db", "backup", backup}).exit_code == 74);
    {
        std::fstream file(scene.journal, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(4096); // all but the first page
        const auto size = std::filesystem::file_size(scene.journal);
        file << std::string(size - 4096, 'Z');
    }
    deliver(scene.maildir, {bounce_message("2", "bob@example.org", "5.1.1", "550 5.1.1 User unknown")});
    const Finished damaged = scene.nixie({"run", "--once", "--quiet"});
    CHECK(damaged.exit_code == 74);
    CHECK_THAT(damaged.err, Catch::Contains("malformed") && Catch::Contains("restore the journal from a backup"));
    CHECK(inbox_count(scene) == 1);
    CHECK(scene.nixie({"db", "check"}).exit_code != 0);

    for (const char* beside : {"", "-wal", "-shm"}) std::filesystem::remove(scene.journal + beside);
    std::filesystem::copy_file(backup, scene.journal);
    CHECK(scene.nixie({"run", "--once", "--quiet"}).exit_code == 0);
    CHECK(scene.nixie({"db", "check"}).out == scene.journal + ": whole\n");
    CHECK(inbox_count(scene) == 0);
    CHECK(scene.rows("SELECT address FROM v1_suppressions") == "ann@example.org\nbob@example.org\n");
}

TEST_CASE(
    "locked journal: after its patience the program says who is to be waited for, moves nothing, and goes on when "
    "free") {
    const TemporaryDirectory dir;
    const Scene scene = maildir_scene(dir, "scene");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    REQUIRE(scene.nixie({"run", "--once", "--quiet"}).exit_code == 0);
    deliver(scene.maildir, {bounce_message("2", "bob@example.org", "5.1.1", "550 5.1.1 User unknown")});
    {
        SQLite::Database holder(scene.journal, SQLite::OPEN_READWRITE);
        holder.exec("BEGIN IMMEDIATE");
        const Finished locked = on_clock(scene, "+0 x50", {"run", "--once", "--quiet"});
        CHECK(locked.exit_code == 74);
        CHECK_THAT(locked.err, Catch::Contains("database is locked") && Catch::Contains("wait for it to end"));
        CHECK(inbox_count(scene) == 1);
    }
    CHECK(scene.nixie({"run", "--once", "--quiet"}).exit_code == 0);
    CHECK(inbox_count(scene) == 0);
    CHECK(scene.rows("SELECT address FROM v1_suppressions") == "ann@example.org\nbob@example.org\n");
}

TEST_CASE("clock set back between two runs: nothing is lost, nobody waits for a time that is far off") {
    const TemporaryDirectory dir;
    const Scene scene = maildir_scene(dir, "scene");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    REQUIRE(on_clock(scene, "+300d", {"run", "--once", "--quiet"}).exit_code == 0);
    deliver(scene.maildir, {bounce_message("2", "ann@example.org", "4.2.2", "452 4.2.2 Mailbox full"),
                            bounce_message("3", "bob@example.org", "5.1.1", "550 5.1.1 User unknown")});
    const Finished today = scene.nixie({"run", "--once"});
    CHECK(today.exit_code == 0);
    CHECK_THAT(today.err, Catch::Contains("the clock was set back") && Catch::Contains("check the system's clock"));
    CHECK_THAT(scene.nixie({"run", "--once"}).err, !Catch::Contains("set back")); // once is enough
    CHECK(inbox_count(scene) == 0);
    CHECK(scene.rows("SELECT address, iif(state = 'due', 'waiting', state) FROM v1_recipients") ==
          "ann@example.org waiting\nbob@example.org suppressed\n");
    CHECK(scene.rows("SELECT due_at < unixepoch() + 8 * 86400 FROM recipients WHERE address LIKE 'ann@%'") == "1\n");
    CHECK(scene.rows("SELECT count(*) FROM v1_bounces") == "3\n");
    CHECK(scene.nixie({"db", "check"}).out == scene.journal + ": whole\n");
}

TEST_CASE("db: vacuum gives space back, and nothing is made where no journal is") {
    const TemporaryDirectory dir;
    const Scene scene = maildir_scene(dir, "scene");
    for (const auto& command :
         std::vector<std::vector<std::string>>{{"db", "check"}, {"db", "vacuum"}, {"db", "backup", dir.file("b")}})
        CHECK(scene.nixie(command).exit_code == 66);
    CHECK(dir.listing() == std::set<std::string>{"scene.toml"});
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    REQUIRE(scene.nixie({"run", "--once", "--quiet"}).exit_code == 0);
    CHECK_THAT(scene.nixie({"db", "vacuum"}).out, Catch::Contains(" kB, "));
}

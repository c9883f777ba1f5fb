// A person's move is an answer: on a real server and in a Maildir.
#include <SQLiteCpp/SQLiteCpp.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "server/person.hpp"
#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"

using namespace nixie;

namespace {

const FolderPath bad_mailbox{"Bounces", "bad-mailbox"};
const FolderPath quota{"Bounces", "quota-issues"};
const FolderPath ordinary{"Bounces", "ordinary"};
const FolderPath trash{"Trash"};

/// A mailbox with one report that ann's mailbox is full, filed by a first run; and someone who can move it.
struct FiledOne {
    explicit FiledOne(bool on_server, const std::vector<std::string>& options = {})
        : server(on_server ? &Dovecot::with(options) : nullptr),
          scene(server ? imap_scene(dir, *server, user) : maildir_scene(dir, user)),
          person(Person::at(scene, server, user)) {
        deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.2.2", "552 5.2.2 Mailbox full")});
        run();
        REQUIRE(counts() == Counts{{".Bounces.quota-issues", 1}});
        REQUIRE(state() == "waiting");
    }

    using Counts = std::map<std::string, std::size_t>;
    [[nodiscard]] Counts counts() const { return filled_folders(scene.maildir); }
    void run() const {
        const Finished finished = scene.nixie({"run", "--once", "--quiet"});
        CHECK(finished.err == "");
        CHECK(finished.exit_code == 0);
    }
    [[nodiscard]] nlohmann::json recipient() const {
        return json_lines(scene.nixie({"recipient", "ann@example.org", "--json"}).out).at(0);
    }
    /// As stored: what of it is due or over by now depends on the day.
    [[nodiscard]] std::string state() const {
        const std::string rows = scene.rows("SELECT state FROM recipients");
        return rows.substr(0, rows.find('\n'));
    }
    [[nodiscard]] std::vector<nlohmann::json> corrections() const {
        const Finished finished = scene.nixie({"corrections", "--json"});
        CHECK(finished.exit_code == 0);
        return json_lines(finished.out);
    }

    TemporaryDirectory dir;
    std::string user = Dovecot::new_user();
    const Dovecot* server;
    Scene scene;
    Person person;
};

} // namespace

TEST_CASE("corrections: a message dragged to another folder of ours is an answer, applied, shown and never undone") {
    const FiledOne it(GENERATE(true, false));
    it.person.move(quota, bad_mailbox);
    it.run();
    const auto shown = it.corrections();
    REQUIRE(shown.size() == 1);
    CHECK(shown[0]["from"] == "Bounces/quota-issues");
    CHECK(shown[0]["to"] == "Bounces/bad-mailbox");
    CHECK(shown[0]["by"] == "moved");
    CHECK(shown[0]["withdrawn_at"].is_null());
    CHECK(shown[0]["recipients"] == nlohmann::json{"ann@example.org"});
    CHECK(it.state() == "suppressed");
    CHECK(it.recipient()["events"][0]["category"] == "bad-mailbox");
    CHECK(it.recipient()["events"][0]["corrected_from"] == "Bounces/quota-issues");
    CHECK_THAT(it.scene.nixie({"recipient", "ann@example.org"}).out,
               Catch::Contains("moved by a person from Bounces/quota-issues to Bounces/bad-mailbox: hard bounce"));
    CHECK_THAT(it.scene.nixie({"corrections"}).out, Catch::Contains("ann@example.org"));

    it.run();
    CHECK(it.scene.nixie({"reprocess"}).exit_code == 0);
    CHECK(it.counts() == FiledOne::Counts{{".Bounces.bad-mailbox", 1}});
    CHECK(it.state() == "suppressed");
    CHECK(it.corrections().size() == 1);
}

TEST_CASE("corrections: moved back, an answer is withdrawn") {
    const FiledOne it(GENERATE(true, false));
    it.person.move(quota, bad_mailbox);
    it.run();
    REQUIRE(it.state() == "suppressed");
    it.person.move(bad_mailbox, quota);
    it.run();
    CHECK(it.state() == "waiting");
    REQUIRE(it.corrections().size() == 1);
    CHECK(it.corrections()[0]["withdrawn_at"].is_string());
    CHECK(it.counts() == FiledOne::Counts{{".Bounces.quota-issues", 1}});
}

TEST_CASE("corrections: moved to ordinary, a message counts as no bounce") {
    const FiledOne it(GENERATE(true, false));
    it.person.move(quota, ordinary);
    it.run();
    CHECK(it.state() == "clear");
    CHECK(it.recipient()["soft_bounces"] == 0);
    CHECK(it.recipient()["events"][0]["counts"] == false);
    CHECK(it.counts() == FiledOne::Counts{{".Bounces.ordinary", 1}});
}

TEST_CASE("corrections: a move out of our folders, or a deletion, is none") {
    const FiledOne it(GENERATE(true, false));
    it.person.move(quota, trash);
    it.run();
    CHECK(it.corrections().empty());
    CHECK(it.state() == "waiting");
    CHECK(it.scene.rows("SELECT gone_at IS NOT NULL FROM messages") == "1\n");
    CHECK_THAT(it.scene.nixie({"corrections"}).out, Catch::Contains("Nobody has moved a message"));
}

TEST_CASE("corrections: a message dragged back to the inbox is filed again, as often as it comes, and counted once") {
    const FiledOne it(GENERATE(true, false));
    for (int times = 0; times < 2; ++times) {
        it.person.move(quota, {});
        it.run();
        CHECK(it.counts() == FiledOne::Counts{{".Bounces.quota-issues", 1}});
        CHECK(it.recipient()["soft_bounces"] == 1);
        CHECK(it.corrections().empty());
        CHECK(it.scene.rows("SELECT count(*) FROM messages WHERE gone_at IS NOT NULL") == "0\n");
    }
}

TEST_CASE("corrections: a message dragged to the inbox after an answer goes back where the person had it") {
    const FiledOne it(GENERATE(true, false));
    it.person.move(quota, bad_mailbox);
    it.run();
    it.person.move(bad_mailbox, {});
    it.run();
    CHECK(it.counts() == FiledOne::Counts{{".Bounces.bad-mailbox", 1}});
    CHECK(it.state() == "suppressed");
    CHECK(it.corrections().size() == 1);
}

TEST_CASE("corrections: a message dragged to the inbox after rules changed takes the new verdict") {
    const FiledOne it(GENERATE(true, false));
    std::filesystem::create_directory(it.dir.path() / "rules");
    it.dir.write("rules/own.toml",
                 "[[rule]]\nid = \"user-unknown.full\"\nreason = \"user-unknown\"\n"
                 "text = ['Mailbox full']\nsource = \"ours\"\n"
                 "examples = ['552 5.2.2 Mailbox full']\n");
    std::ofstream(it.scene.config, std::ios::app) << "[rules]\ndirectory = \"" << it.dir.file("rules") << "\"\n";
    it.run();
    CHECK(it.state() == "waiting");
    it.person.move(quota, {});
    it.run();
    CHECK(it.counts() == FiledOne::Counts{{".Bounces.bad-mailbox", 1}});
    CHECK(it.state() == "suppressed");
    CHECK(it.recipient()["soft_bounces"] == 0);
    CHECK(it.corrections().empty());
}

TEST_CASE("corrections: found by content where the server does not tell under which names it filed") {
    // Dovecot names no uids where it is not asked by UID: so the journal is made to know none.
    const FiledOne it(true, {"--hide-move", "--hide-uidplus"});
    {
        SQLite::Database db(it.scene.journal, SQLite::OPEN_READWRITE);
        db.exec("DELETE FROM places; DELETE FROM folders");
    }
    it.run();
    CHECK(it.corrections().empty());
    CHECK(it.scene.rows("SELECT count(*) FROM places WHERE message IS NOT NULL") == "1\n");
    it.person.move(quota, bad_mailbox);
    it.run();
    CHECK(it.corrections().size() == 1);
    CHECK(it.state() == "suppressed");
}

TEST_CASE("corrections: a copy is no answer, until the original is gone") {
    const FiledOne it(false);
    const auto file = message_files(it.scene.maildir).at(".Bounces.quota-issues").front();
    for (const char* part : {"cur", "new", "tmp"})
        std::filesystem::create_directories(it.scene.maildir / ".Bounces.bad-mailbox" / part);
    std::filesystem::copy(file, it.scene.maildir / ".Bounces.bad-mailbox" / "cur" / "1.copy:2,S");
    it.run();
    CHECK(it.corrections().empty());
    CHECK(it.state() == "waiting");
    std::filesystem::remove(file);
    it.run();
    CHECK(it.corrections().size() == 1);
    CHECK(it.state() == "suppressed");
}

TEST_CASE("corrections: since, and what is no time") {
    const FiledOne it(false);
    it.person.move(quota, bad_mailbox);
    it.run();
    CHECK(json_lines(it.scene.nixie({"corrections", "--json", "--since", "1h"}).out).size() == 1);
    CHECK(json_lines(it.scene.nixie({"corrections", "--json", "--since", "2001-01-01"}).out).size() == 1);
    CHECK(it.scene.nixie({"corrections", "--json", "--since", "2999-01-01T00:00:00Z"}).out.empty());
    const Finished wrong = it.scene.nixie({"corrections", "--since", "yesterday"});
    CHECK(wrong.exit_code == 64);
    CHECK_THAT(wrong.err, Catch::Contains("\"yesterday\"") && Catch::Contains("2026-11-01"));
}

// Filed messages run through again after rules changed, in every kind of mailbox.
#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>

#include "server/person.hpp"
#include "store/lock.hpp"
#include "support/json_lines.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"

using namespace nixie;

namespace {

enum class Kept { on_server, in_maildir, by_pop3 };

/// Three full mailboxes and one unknown user, filed by a first run.
struct Sorted {
    explicit Sorted(Kept where) : scene(make(where)) {
        const auto inbox = where == Kept::in_maildir ? scene.maildir : Dovecot::with().maildir(user);
        deliver(inbox, {bounce_message("1", "ann@example.org", "5.2.2", "552 5.2.2 Mailbox full"),
                        bounce_message("2", "bob@example.org", "5.2.2", "552 5.2.2 Mailbox full"),
                        bounce_message("3", "cid@example.org", "5.2.2", "552 5.2.2 Mailbox full"),
                        bounce_message("4", "dan@example.org", "5.1.1", "550 5.1.1 User unknown")});
        const Finished finished = scene.nixie({"run", "--once", "--quiet"});
        REQUIRE(finished.err == "");
        REQUIRE(counts() == Counts{{".Bounces.bad-mailbox", 1}, {".Bounces.quota-issues", 3}});
    }

    using Counts = std::map<std::string, std::size_t>;
    [[nodiscard]] Counts counts() const { return filled_folders(scene.maildir); }
    /// From now on a full mailbox is an unknown user.
    void change_rules() const {
        std::filesystem::create_directory(dir.path() / "rules");
        std::ofstream(dir.path() / "rules" / "own.toml")
            << "[[rule]]\nid = \"user-unknown.full\"\nreason = \"user-unknown\"\ntext = ['Mailbox full']\n"
               "source = \"ours\"\nexamples = ['552 5.2.2 Mailbox full']\n";
        std::ofstream(scene.config, std::ios::app) << "[rules]\ndirectory = \"" << dir.file("rules") << "\"\n";
    }
    [[nodiscard]] nlohmann::json reprocess(std::vector<std::string> arguments = {}) const {
        arguments.insert(arguments.begin(), {"reprocess", "--json"});
        const Finished finished = scene.nixie(arguments);
        CHECK(finished.err == "");
        CHECK(finished.exit_code == 0);
        return json_lines(finished.out).at(0);
    }
    [[nodiscard]] std::string states() const {
        return scene.rows("SELECT address, state, soft_bounces, hard_bounces FROM recipients");
    }

    TemporaryDirectory dir;
    std::string user = Dovecot::new_user();
    Scene scene;

  private:
    [[nodiscard]] Scene make(Kept where) const {
        if (where == Kept::on_server) return imap_scene(dir, Dovecot::with(), user);
        if (where == Kept::in_maildir) return maildir_scene(dir, user);
        const auto tree = dir.path() / "tree";
        return make_scene(dir, user, tree,
                          "url = \"" + Dovecot::with().endpoint("pop3", user).url + "\"\nuser = \"" + user +
                              "\"\npassword_command = \"echo pw\"\nmaildir = \"" + tree.string() + "\"\n");
    }
};

const std::string all_dead =
    "ann@example.org suppressed 0 1\nbob@example.org suppressed 0 1\n"
    "cid@example.org suppressed 0 1\ndan@example.org suppressed 0 1\n";

} // namespace

TEST_CASE("reprocess: after a change of rules, verdicts, states and folders follow, and nothing is counted twice") {
    const Sorted it(GENERATE(Kept::on_server, Kept::in_maildir, Kept::by_pop3));
    CHECK(it.reprocess()["changed"] == 0);
    it.change_rules();
    const auto done = it.reprocess();
    CHECK(done["read"] == 4);
    CHECK(done["changed"] == 3);
    CHECK(done["moved"] == 3);
    CHECK(done["moves"][0]["from"] == "Bounces/quota-issues");
    CHECK(done["moves"][0]["to"] == "Bounces/bad-mailbox");
    CHECK(it.counts() == Sorted::Counts{{".Bounces.bad-mailbox", 4}});
    CHECK(it.states() == all_dead);
    CHECK(it.scene.rows("SELECT count(*) FROM bounces") == "4\n");

    const auto again = it.reprocess();
    CHECK(again["changed"] == 0);
    CHECK(again["moved"] == 0);
    const Finished run = it.scene.nixie({"run", "--once", "--json"});
    CHECK(json_lines(run.out).at(0)["read"] == 0);
    CHECK(json_lines(it.scene.nixie({"corrections", "--json"}).out).empty());
    CHECK(it.states() == all_dead);
}

TEST_CASE("reprocess: a dry run tells what would be moved and changes nothing") {
    const Sorted it(GENERATE(Kept::on_server, Kept::in_maildir));
    it.change_rules();
    const auto before = it.states();
    const Finished told = it.scene.nixie({"reprocess", "--dry-run"});
    CHECK(told.exit_code == 0);
    CHECK_THAT(told.out, Catch::Contains("4 read again, 3 to move") && Catch::Contains("Bounces/bad-mailbox"));
    CHECK(it.counts() == Sorted::Counts{{".Bounces.bad-mailbox", 1}, {".Bounces.quota-issues", 3}});
    CHECK(it.states() == before);
}

TEST_CASE("reprocess: only the chosen folder, time and mailbox") {
    const Sorted it(Kept::in_maildir);
    it.change_rules();
    CHECK(it.reprocess({"--folder", "bad-mailbox"})["read"] == 1);
    CHECK(it.reprocess({"--folder", "Bounces/bad-mailbox"})["read"] == 1);
    CHECK(it.reprocess({"--since", "2999-01-01"})["read"] == 0);
    CHECK(it.reprocess({"--mailbox", "bounces", "--folder", "quota-issues"})["moved"] == 3);
    const Finished folder = it.scene.nixie({"reprocess", "--folder", "INBOX"});
    CHECK(folder.exit_code == 64);
    CHECK_THAT(folder.err, Catch::Contains("INBOX") && Catch::Contains("quota-issues"));
    const Finished mailbox = it.scene.nixie({"reprocess", "--mailbox", "other"});
    CHECK(mailbox.exit_code == 64);
    CHECK_THAT(mailbox.err, Catch::Contains("configured are bounces"));
}

TEST_CASE("reprocess: what a person moved since the last pass is an answer first, and left alone") {
    const Sorted it(GENERATE(Kept::on_server, Kept::in_maildir, Kept::by_pop3));
    it.change_rules();
    const bool on_server = it.scene.maildir == Dovecot::with().maildir(it.user);
    Person::at(it.scene, on_server ? &Dovecot::with() : nullptr, it.user)
        .move({"Bounces", "quota-issues"}, {"Bounces", "spam-related"});
    const auto done = it.reprocess();
    CHECK(done["corrected_by_hand"] == 3);
    CHECK(done["moved"] == 0);
    CHECK(it.counts() == Sorted::Counts{{".Bounces.bad-mailbox", 1}, {".Bounces.spam-related", 3}});
    CHECK(json_lines(it.scene.nixie({"corrections", "--json"}).out).size() == 3);
}

TEST_CASE("reprocess: messages that the journal does not know are left alone") {
    const Sorted it(Kept::in_maildir);
    it.change_rules();
    std::ofstream(it.scene.maildir / ".Bounces.quota-issues" / "cur" / "1.foreign:2,")
        << bounce_message("9", "eve@example.org", "5.2.2", "552 5.2.2 Mailbox full");
    const auto done = it.reprocess();
    CHECK(done["not_in_journal"] == 1);
    CHECK(done["moved"] == 3);
    CHECK(it.counts() == Sorted::Counts{{".Bounces.bad-mailbox", 4}, {".Bounces.quota-issues", 1}});
}

TEST_CASE("reprocess: fetches no more than what is left of the day's bytes, and counts it") {
    const Sorted it(Kept::on_server);
    it.change_rules();
    constexpr long least = 16'384; // reserved for each message
    const auto bytes_today = [&] { return std::stol(it.scene.rows("SELECT bytes_today FROM mailboxes")); };
    const long before = bytes_today();
    std::ofstream(it.scene.config, std::ios::app)
        << "[limits]\nfetch_bytes = " << least << "\nbytes_per_day = " << before + 2 * least << "\n";
    const Finished finished = it.scene.nixie({"reprocess", "--json"});
    CHECK(finished.exit_code == 75);
    CHECK_THAT(finished.err, Catch::Contains("bytes of this day are used up"));
    // One folder's only message, and one of the three in the other.
    CHECK(json_lines(finished.out).at(0)["read"] == 2);
    CHECK(it.counts() == Sorted::Counts{{".Bounces.bad-mailbox", 2}, {".Bounces.quota-issues", 2}});
    CHECK(bytes_today() > before);
}

TEST_CASE("reprocess: what is in quarantine is filed once its folder takes it, if it is asked for") {
    const Sorted it(GENERATE(Kept::on_server, Kept::in_maildir));
    const auto in_the_way = it.scene.maildir / ".Bounces.spam-related";
    std::ofstream(it.scene.config, std::ios::app) << "[limits]\nattempts = 1\n";
    std::ofstream(in_the_way) << "no folder";
    deliver(it.scene.maildir, {bounce_message("5", "eve@example.org", "5.7.1", "554 5.7.1 Message rejected as spam")});
    CHECK(it.scene.nixie({"run", "--once", "--quiet", "--now"}).exit_code != 0);
    CHECK(it.scene.nixie({"run", "--once", "--quiet", "--now"}).exit_code == 0); // its folder is given up
    REQUIRE(it.counts().at(".Bounces.quarantine") == 1);
    REQUIRE(std::filesystem::remove(in_the_way));

    CHECK(it.reprocess()["read"] == 4);
    const auto done = it.reprocess({"--folder", "quarantine"});
    CHECK(done["read"] == 1);
    CHECK(done["moves"][0]["to"] == "Bounces/spam-related");
    CHECK(it.counts() ==
          Sorted::Counts{{".Bounces.bad-mailbox", 1}, {".Bounces.quota-issues", 3}, {".Bounces.spam-related", 1}});
    CHECK(it.scene.rows("SELECT count(*) FROM messages WHERE quarantined_at IS NOT NULL") == "0\n");
    CHECK(it.scene.rows("SELECT count(*) FROM bounces") == "5\n");
}

TEST_CASE("reprocess: says so while another nixie works on the journal") {
    const Sorted it(Kept::in_maildir);
    const auto lock = InstanceLock::take(it.scene.journal);
    REQUIRE(lock);
    const Finished refused = it.scene.nixie({"reprocess"});
    CHECK(refused.exit_code == 75);
    CHECK_THAT(refused.err,
               Catch::Contains("another nixie is working on this journal") && Catch::Contains("stop the service"));
}

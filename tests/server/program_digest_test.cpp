// The report that comes by itself, in every kind of mailbox.
#include <catch2/catch.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>

#include "nixie/message.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

enum class Kept { on_server, in_maildir, by_pop3 };

const std::string weekly = "[digest]\nevery = \"1w\"\n";
const std::string reports = ".Bounces.Reports";

/// One bounce, read in a period that is not over.
struct Begun {
    explicit Begun(Kept where, const std::string& more = weekly) : scene(make(where, more)) {
        deliver(where == Kept::in_maildir ? scene.maildir : Dovecot::with().maildir(user),
                {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
        pass();
    }
    void pass() const {
        const Finished finished = scene.nixie({"run", "--once", "--quiet"});
        CHECK(finished.err == "");
        REQUIRE(finished.exit_code == 0);
    }
    /// As if the last digest were older.
    void go_back() const {
        SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec("UPDATE digests SET until = until - 604800");
    }
    [[nodiscard]] std::size_t put() const {
        const auto counts = filled_folders(scene.maildir);
        const auto found = counts.find(reports);
        return found == counts.end() ? 0 : found->second;
    }

    TemporaryDirectory dir;
    std::string user = Dovecot::new_user();
    Scene scene;

  private:
    [[nodiscard]] Scene make(Kept where, const std::string& more) const {
        if (where == Kept::on_server) return imap_scene(dir, Dovecot::with(), user, more);
        if (where == Kept::in_maildir) return maildir_scene(dir, user, more);
        const auto tree = dir.path() / "tree";
        return make_scene(dir, user, tree,
                          server_keys(Dovecot::with().endpoint("pop3", user).url, user) + "maildir = \"" +
                              tree.string() + "\"\n" + more);
    }
};

} // namespace

TEST_CASE("digest: put into the folder of reports once a period, and never read as a report of a mail server") {
    const Begun it(GENERATE(Kept::on_server, Kept::in_maildir, Kept::by_pop3));
    CHECK(it.put() == 0);
    it.go_back();
    it.pass();
    CHECK(it.put() == 1);
    it.pass();
    CHECK(it.put() == 1);
    // As after a crash between the two: it lies there, and the journal does not know.
    it.go_back();
    it.pass();
    CHECK(it.put() == 1);
    CHECK(it.scene.rows("SELECT count(*) FROM messages") == "1\n");

    const Message mail = parse_message(read_file(message_files(it.scene.maildir).at(reports).front()));
    CHECK(mail.defects.empty());
    CHECK_THAT(std::string(mail.headers().get("Subject")), Catch::StartsWith("Bounces, "));
    REQUIRE(mail.parts.size() == 3);
    CHECK(mail.parts[1].type == "text/plain");
    CHECK(mail.parts[2].type == "text/html");
}

TEST_CASE("digest: one that lands in the inbox is put aside as ordinary mail and counts nothing") {
    const Begun it(Kept::in_maildir);
    it.go_back();
    it.pass();
    const auto file = message_files(it.scene.maildir).at(reports).front();
    std::filesystem::rename(file, it.scene.maildir / "new" / file.filename());
    it.pass();
    CHECK(it.scene.rows("SELECT count(*) FROM bounces") == "1\n");
    CHECK(filled_folders(it.scene.maildir).at(".Bounces.ordinary") == 1);
}

TEST_CASE("digest: a report sent by hand comes at once and leaves the period alone") {
    const Begun it(Kept::on_server);
    const std::string before = it.scene.rows("SELECT name, until FROM digests");
    const Finished sent = it.scene.nixie({"report", "--mail", "--since", "1d"});
    CHECK(sent.err == "");
    CHECK(sent.out == "bounces: put into Bounces/Reports\n");
    CHECK(it.put() == 1);
    CHECK(it.scene.rows("SELECT name, until FROM digests") == before);
    CHECK_THAT(read_file(message_files(it.scene.maildir).at(reports).front()), Catch::Contains("X-Nixie-Report: 1"));
}

TEST_CASE("digest: a folder that cannot be had is said, and passes go on") {
    const Begun it(Kept::in_maildir);
    it.go_back();
    write_file(it.scene.maildir / reports, "in the way");
    const Finished finished = it.scene.nixie({"run", "--once", "--quiet"});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.err, Catch::Contains("what=digest"));
    const Finished status = it.scene.nixie({"status"});
    CHECK(status.exit_code == 1);
    CHECK_THAT(status.out, Catch::Contains("bounces: the digest was not put in"));
}

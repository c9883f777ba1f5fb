// The notes in front of folders, in every kind of mailbox.
#include <catch2/catch.hpp>

#include <SQLiteCpp/SQLiteCpp.h>

#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

void pass(const Scene& scene) {
    const Finished finished = scene.nixie({"run", "--once", "--quiet"});
    CHECK(finished.err == "");
    REQUIRE(finished.exit_code == 0);
}

std::vector<std::string> notes_in(const Scene& scene, const std::string& folder) {
    std::vector<std::string> out;
    const auto files = message_files(scene.maildir);
    for (const auto& file : files.at(folder)) {
        const std::string text = read_file(file);
        const auto subject = text.find("Subject: ");
        if (text.find("X-Nixie-Note: 1") != std::string::npos)
            out.push_back(text.substr(subject, text.find_first_of("\r\n", subject) - subject));
    }
    return out;
}

} // namespace

TEST_CASE("folder notes: one in each folder, put anew with new figures, never read, and taken back") {
    const std::string kind = GENERATE("imap", "maildir", "pop3");
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    const std::string wanted = "folder_notes = true\n";
    const auto tree = dir.path() / "tree";
    const Scene scene = kind == "imap"      ? imap_scene(dir, Dovecot::with(), user, wanted)
                        : kind == "maildir" ? maildir_scene(dir, user, wanted)
                                            : make_scene(dir, user, tree,
                                                         server_keys(Dovecot::with().endpoint("pop3", user).url, user) +
                                                             "maildir = \"" + tree.string() + "\"\n" + wanted);
    const auto inbox = kind == "maildir" ? scene.maildir : Dovecot::with().maildir(user);
    deliver(inbox, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    pass(scene);
    pass(scene);
    CHECK(notes_in(scene, ".Bounces.bad-mailbox") ==
          std::vector<std::string>{"Subject: 1 bounce: there is no such mailbox (1 hard)"});

    deliver(inbox, {bounce_message("2", "bob@example.org", "5.1.1", "550 5.1.1 User unknown")}, 1795201000);
    SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec("UPDATE notes SET at = at - 3600");
    pass(scene);
    CHECK(notes_in(scene, ".Bounces.bad-mailbox") ==
          std::vector<std::string>{"Subject: 2 bounces: there is no such mailbox (2 hard)"});
    CHECK(filled_folders(scene.maildir)[".Bounces.bad-mailbox"] == 3);
    CHECK(scene.rows("SELECT count(*) FROM messages") == "2\n");
    CHECK(scene.rows("SELECT count(*) FROM corrections") == "0\n");

    std::string config = read_file(scene.config);
    config.replace(config.find(wanted), wanted.size(), "folder_notes = false\n");
    dir.write(std::filesystem::path(scene.config).filename().string(), config);
    pass(scene);
    CHECK(filled_folders(scene.maildir)[".Bounces.bad-mailbox"] == 2);
}

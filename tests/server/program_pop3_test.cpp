// The program on a POP3 server, which knows no folders.
#include <catch2/catch.hpp>

#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"

using namespace nixie;

TEST_CASE("POP3: messages are filed into the local tree, and the maildrop is empty") {
    const TemporaryDirectory dir;
    const Dovecot& dovecot = Dovecot::with();
    const std::string user = Dovecot::new_user();
    deliver(dovecot.maildir(user),
            {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
             bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full"), ordinary_message("3")});
    const auto local = dir.path() / "local";
    const Scene scene = make_scene(dir, "pop3", local,
                                   "url = \"" + dovecot.endpoint("pop3", user).url + "\"\nuser = \"" + user +
                                       "\"\npassword_command = \"echo pw\"\nmaildir = \"" + local.string() + "\"\n");
    const Finished first = scene.nixie({"run", "--once"});
    CHECK(first.err == "");
    CHECK(first.exit_code == 0);
    CHECK(message_counts(dovecot.maildir(user)).empty());
    CHECK(message_ids(local) ==
          std::map<std::string, std::vector<std::string>>{{".Bounces.bad-mailbox", {"<1@mail.sender.example>"}},
                                                          {".Bounces.ordinary", {"<3@example.org>"}},
                                                          {".Bounces.quota-issues", {"<2@mail.sender.example>"}}});
    CHECK(scene.rows("SELECT count(*) FROM bounces") == "2\n");

    const Finished second = scene.nixie({"run", "--once"});
    CHECK(second.out == "bounces: 0 in the inbox, 0 read, 0 filed\n");
    CHECK(second.exit_code == 0);
}

TEST_CASE("POP3: a message of 30 MB is stored whole, in memory that does not grow with it") {
    const TemporaryDirectory dir;
    const Dovecot& dovecot = Dovecot::with();
    // What the test itself has in memory would count as the program's: of the message it keeps the size only.
    const auto run = [&](std::size_t lines) {
        const std::string user = Dovecot::new_user();
        const std::string head = "From: a@example.org\nSubject: long\n\n", line = std::string(75, 'x') + "\n";
        const std::size_t size = head.size() + lines * line.size();
        {
            std::string bytes = head;
            bytes.reserve(size);
            for (std::size_t i = 0; i < lines; ++i) bytes += line;
            dovecot.deliver(user, bytes);
        }
        const auto local = dir.path() / user;
        const Scene scene =
            make_scene(dir, user, local,
                       "url = \"" + dovecot.endpoint("pop3", user).url + "\"\nuser = \"" + user +
                           "\"\npassword_command = \"echo pw\"\nmaildir = \"" + local.string() + "\"\n");
        const Finished pass = scene.nixie({"run", "--once"});
        CHECK(pass.err == "");
        const auto files = std::filesystem::directory_iterator(local / ".Bounces.ordinary/new");
        CHECK(files->file_size() == size);
        CHECK(message_counts(dovecot.maildir(user)).empty());
        return pass.max_rss_kib;
    };
    const long small = run(1);
    const long large = run(400'000);
    if (memory_is_ordinary) CHECK(large - small < 12 * 1024);
}

TEST_CASE("POP3: with keep = true mail stays on the server and is read once") {
    const TemporaryDirectory dir;
    const Dovecot& dovecot = Dovecot::with();
    const std::string user = Dovecot::new_user();
    deliver(dovecot.maildir(user), {ordinary_message("1"), ordinary_message("2")});
    const auto local = dir.path() / "local";
    const Scene scene =
        make_scene(dir, "keep", local,
                   "url = \"" + dovecot.endpoint("pop3", user).url + "\"\nuser = \"" + user +
                       "\"\npassword_command = \"echo pw\"\nkeep = true\nmaildir = \"" + local.string() + "\"\n");
    CHECK_THAT(scene.nixie({"run", "--once"}).out, Catch::Contains("2 in the inbox, 2 read, 2 filed"));
    deliver(dovecot.maildir(user), {ordinary_message("3")});
    const Finished second = scene.nixie({"run", "--once"});
    CHECK(second.err == "");
    CHECK_THAT(second.out, Catch::Contains("1 in the inbox, 1 read, 1 filed"));
    CHECK_THAT(scene.nixie({"run", "--once"}).out, Catch::Contains("0 in the inbox, 0 read, 0 filed"));
    CHECK(dovecot.files(user).size() == 3);
    CHECK(message_counts(local) == std::map<std::string, std::size_t>{{".Bounces.ordinary", 3}});
}

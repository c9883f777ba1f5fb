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

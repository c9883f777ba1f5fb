#include "mailbox/maildir/mailbox.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/dovecot.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

/// What the server says to an IMAP command, up to its tagged line.
std::string imap(Connection& connection, const std::string& command) {
    REQUIRE(connection.send("tag " + command + "\r\n"));
    std::string out;
    while (out.find("tag ") == std::string::npos) {
        std::string piece(4096, '\0');
        const auto got = connection.receive(piece);
        REQUIRE(got);
        out += piece.substr(0, *got);
    }
    return out;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("maildir: a mail client sees what was filed beside its server, in a folder it is subscribed to") {
    const auto& server = Dovecot::with();
    const auto user = Dovecot::new_user();
    server.deliver(user, "Subject: unseen\n\nx\n");
    server.deliver(user, "Subject: seen\n\nx\n");
    auto client = Connection::open(server.endpoint("imap", user));
    REQUIRE(client);
    CHECK(has(imap(*client, "SELECT INBOX"), "* 2 EXISTS"));
    CHECK(has(imap(*client, "STORE 2 +FLAGS (\\Seen \\Flagged)"), "tag OK"));

    MaildirMailbox mailbox(server.maildir(user).string());
    REQUIRE(mailbox.open(Access::change));
    const auto listing = mailbox.list();
    REQUIRE(listing);
    const auto sorted = GENERATE(as<std::vector<std::string>>(), std::vector<std::string>{"Bounces", "bad-mailbox"},
                                 std::vector<std::string>{"Rückläufer", "a & b"});
    REQUIRE(mailbox.file({sorted, listing->uids}));
    REQUIRE(mailbox.close());

    const std::string name = sorted[0] == "Bounces" ? "Bounces/bad-mailbox" : "R&APw-ckl&AOQ-ufer/a &- b";
    CHECK(has(imap(*client, "STATUS \"" + name + "\" (MESSAGES UNSEEN)"), "(MESSAGES 2 UNSEEN 1)"));
    CHECK(has(imap(*client, "LSUB \"\" *"), name));
    CHECK(has(imap(*client, "SELECT INBOX"), "* 0 EXISTS"));
    CHECK(has(imap(*client, "SELECT \"" + name + "\""), "* 2 EXISTS"));
    CHECK(has(imap(*client, "FETCH 1:2 (FLAGS)"), "\\Flagged"));
}

TEST_CASE("maildir: what a privileged worker creates belongs to the Maildir's owner") {
    const auto& server = Dovecot::with();
    const auto user = Dovecot::new_user();
    server.deliver(user, "Subject: x\n\nx\n");
    const auto root = server.maildir(user);
    MaildirMailbox mailbox(root.string());
    REQUIRE(mailbox.open(Access::change));
    REQUIRE(mailbox.file({{"Bounces"}, mailbox.list()->uids}));
    struct stat owner {};
    REQUIRE(stat(root.c_str(), &owner) == 0);
    for (const char* part : {".Bounces", ".Bounces/new", ".Bounces/maildirfolder", "subscriptions"}) {
        struct stat made {};
        CAPTURE(part);
        REQUIRE(stat((root / part).c_str(), &made) == 0);
        CHECK(made.st_uid == owner.st_uid);
        CHECK(made.st_gid == owner.st_gid);
    }
}

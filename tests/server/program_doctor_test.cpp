// What `nixie doctor` finds, on servers with one thing wrong each.
#include <catch2/catch.hpp>

#include <filesystem>

#include "store/lock.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

using Arguments = std::vector<std::string>;

/// The line with that mark and subject, as words.
std::string line(const std::string& mark, const std::string& subject, const std::string& text) {
    return "  " + mark + std::string(11 - mark.size(), ' ') + subject + std::string(14 - subject.size(), ' ') + text;
}

Scene tls_scene(const TemporaryDirectory& dir, const Dovecot& dovecot, const std::string& scheme) {
    const std::string user = Dovecot::new_user();
    dovecot.deliver(user, "Subject: one\n\nbody\n");
    const std::string more = scheme == "pop3s" ? "maildir = \"" + dir.file("local") + "\"\n" : "";
    return make_scene(
        dir, user, dovecot.maildir(user),
        server_keys(dovecot.endpoint(scheme, user).url, user) + "ca_file = \"" + dovecot.ca_file() + "\"\n" + more);
}

std::vector<std::string> folders_of(const std::filesystem::path& maildir) {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(maildir))
        if (entry.path().filename().string().front() == '.') out.push_back(entry.path().filename().string());
    return out;
}

} // namespace

TEST_CASE("doctor: a certificate is green, yellow below 14 days, red once it has expired") {
    struct Row {
        std::string days, mark, text;
        int code;
    };
    const auto row = GENERATE(values<Row>({{"60", "ok", "good for ", 0},
                                           {"9", "warning", "good for ", 1},
                                           {"-1", "problem", "the server's certificate expired on 20", 2}}));
    const TemporaryDirectory dir;
    const Dovecot& dovecot = Dovecot::with({"--tls", "--certificate-days", row.days});
    for (const std::string scheme : {"imaps", "pop3s"}) {
        const Finished finished = tls_scene(dir, dovecot, scheme).nixie({"doctor"});
        CHECK(finished.exit_code == row.code);
        CHECK_THAT(finished.out, Catch::Contains(line(row.mark, "certificate", row.text)));
        if (row.code == 2) CHECK_THAT(finished.out, Catch::Contains("the rest"));
    }
}

TEST_CASE("doctor: a certificate for another name says for which it is") {
    const TemporaryDirectory dir;
    const Dovecot& dovecot = Dovecot::with({"--tls"});
    const std::string keys = server_keys("imaps://127.0.0.2:" + dovecot.value("imaps"), "someone");
    const Finished finished =
        make_scene(dir, "other", dir.path(), keys + "ca_file = \"" + dovecot.ca_file() + "\"\n").nixie({"doctor"});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.out,
               Catch::Contains(line("problem", "certificate", "the server's certificate is for localhost")));
}

TEST_CASE("doctor: a name that is not known is said once") {
    const TemporaryDirectory dir;
    const Finished finished =
        make_scene(dir, "nobody", dir.path(), server_keys("imaps://imap.nowhere.invalid", "nobody")).nixie({"doctor"});
    CHECK_THAT(finished.out, Catch::Contains(line("problem", "name", "imap.nowhere.invalid: it has no address: ")));
}

TEST_CASE("doctor: one mailbox that fails stops neither the others nor is its password told") {
    const TemporaryDirectory dir;
    const auto url = Dovecot::with().endpoint("imap", "someone").url;
    const std::string bad = "url = \"" + url + "\"\nuser = \"someone\"\npassword_command = \"echo swordfish\"\n";
    const std::string good = "[[mailbox]]\nname = \"second\"\n" + server_keys(url, "someone");
    const Finished finished = make_scene(dir, "two", dir.path(), bad + good).nixie({"doctor"});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.out, Catch::Contains(line("problem", "login", "user name or password refused")) &&
                                 Catch::Contains("needs what failed: login") &&
                                 Catch::Contains(line("ok", "login", "logged in as someone")) &&
                                 !Catch::Contains("swordfish"));
}

TEST_CASE("doctor --write: a trial succeeds and leaves nothing behind") {
    const TemporaryDirectory dir;
    const auto options = GENERATE(Arguments{}, Arguments{"--hide-move", "--hide-uidplus"},
                                  Arguments{"--prefix", "INBOX.", "--separator", "."});
    const std::string user = Dovecot::new_user();
    const Dovecot& dovecot = Dovecot::with(options);
    dovecot.deliver(user, "Subject: one\n\nbody\n");
    const Scene scene = imap_scene(dir, dovecot, user);
    const Finished finished = scene.nixie({"doctor", "--write"});
    CHECK_THAT(finished.out,
               Catch::Contains(line("ok", "trial", "could create folders, append a message, move it, clear up")) &&
                   Catch::Contains(line("ok", "clock", "")) && Catch::Contains(line("ok", "inbox", "1 message")));
    CHECK(folders_of(scene.maildir).empty());
    CHECK(dovecot.files(user).size() == 1);
}

TEST_CASE("doctor --write: a trial in folders that are there leaves those") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    Dovecot::with().deliver(user, "Subject: one\n\nbody\n");
    const Scene scene = imap_scene(dir, Dovecot::with(), user);
    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    const auto before = folders_of(scene.maildir);
    CHECK(scene.nixie({"doctor", "--write"}).exit_code == 0);
    CHECK(folders_of(scene.maildir) == before);
}

TEST_CASE(
    "doctor: a mailbox is yellow from 80 % of its quota and red when full, where a trial fails and is cleared up") {
    struct Row {
        int messages, code;
        std::string line;
    };
    const auto row = GENERATE(values<Row>({{3, 0, line("ok", "quota", "message: 60 % used (3 of 5)")},
                                           {4, 1, line("warning", "quota", "message: 80 % used (4 of 5)")},
                                           {5, 2, line("problem", "quota", "message: 100 % used (5 of 5)")}}));
    const TemporaryDirectory dir;
    const Dovecot& dovecot = Dovecot::with({"--quota", "5"});
    const std::string user = Dovecot::new_user();
    for (int i = 0; i < row.messages; ++i) dovecot.deliver(user, "Subject: one\n\nbody\n");
    const Scene scene = imap_scene(dir, dovecot, user);
    const Finished finished = scene.nixie({"doctor", "--write"});
    CHECK_THAT(finished.out, Catch::Contains(row.line));
    CHECK(finished.exit_code == row.code);
    if (row.code == 2)
        CHECK_THAT(finished.out, Catch::Contains("could not append a message: ") &&
                                     Catch::Contains(line("ok", "trial", "could create folders, clear up")));
    CHECK(folders_of(scene.maildir).empty());
}

TEST_CASE("doctor: rights that are missing are named") {
    const TemporaryDirectory dir;
    const Dovecot& dovecot = Dovecot::with({"--acl"});
    const std::string user = Dovecot::new_user();
    dovecot.deliver(user, "Subject: one\n\nbody\n");
    const Scene scene = imap_scene(dir, dovecot, user);
    CHECK_THAT(scene.nixie({"doctor"}).out, Catch::Contains(line("ok", "rights", "all that is needed")));
    dir.write("dovecot-acl", "owner lrs\n");
    std::filesystem::copy_file(dir.file("dovecot-acl"), scene.maildir / "dovecot-acl");
    const Finished finished = scene.nixie({"doctor"});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.out,
               Catch::Contains(line("problem", "rights", "INBOX: may not mark messages deleted (no right t)")));
}

TEST_CASE("doctor: POP3 is tried with UIDL and its tree on this machine") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    Dovecot::with().deliver(user, "Subject: one\n\nbody\n");
    const Scene scene = make_scene(
        dir, user, Dovecot::with().maildir(user),
        server_keys(Dovecot::with().endpoint("pop3", user).url, user) + "maildir = \"" + dir.file("tree") + "\"\n");
    const auto names = dir.listing();
    const Finished finished = scene.nixie({"doctor", "--write"});
    CHECK(finished.exit_code == 0);
    CHECK_THAT(finished.out, Catch::Contains(line("ok", "capabilities", "UIDL, TOP")) &&
                                 Catch::Contains(line("ok", "listing", "UIDL names 1 message")) &&
                                 Catch::Contains(line("ok", "trial", "could create folders")));
    CHECK(dir.listing() == names);
}

TEST_CASE("doctor: a Maildir that is not there is a problem, and the rest is not tried") {
    const TemporaryDirectory dir;
    const Finished finished = maildir_scene(dir, "absent").nixie({"doctor"});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.out, Catch::Contains("cannot be read and written: No such file") &&
                                 Catch::Contains("needs what failed: maildir"));
}

TEST_CASE("doctor: says which process is at work on the journal, and that the journal is whole") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    const Scene scene = imap_scene(dir, Dovecot::with(), user);
    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK_THAT(scene.nixie({"doctor"}).out, Catch::Contains(line("ok", "service", "no `nixie run` is at work now")) &&
                                                Catch::Contains("and is whole"));
    const auto lock = InstanceLock::take(scene.journal);
    REQUIRE(lock);
    CHECK_THAT(scene.nixie({"doctor"}).out, Catch::Contains("is at work (process " + std::to_string(::getpid()) + ")"));
}

TEST_CASE("doctor: a damaged journal and wrong rules are problems, and the mailbox is tried all the same") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    std::filesystem::create_directory(dir.file("rules"));
    dir.write("rules/own.toml", "[[rule]]\nid = \"mine\"\nreason = \"no-such-reason\"\n");
    const Scene scene = imap_scene(dir, Dovecot::with(), user, "[rules]\ndirectory = \"" + dir.file("rules") + "\"\n");
    dir.write(user + ".db", "this is no database, but a text that someone has put there instead");
    const Finished finished = scene.nixie({"doctor"});
    CHECK(finished.exit_code == 2);
    CHECK_THAT(finished.out, Catch::Contains("  problem    journal ") && Catch::Contains("  problem    rules ") &&
                                 Catch::Contains(line("ok", "login", "logged in")));
}

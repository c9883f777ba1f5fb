// Tries that are due, made by the program: by a command, and by sending again through a real Postfix.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <csignal>
#include <ctime>
#include <filesystem>

#include <SQLiteCpp/SQLiteCpp.h>

#include "support/eventually.hpp"
#include "support/json_lines.hpp"
#include "support/kill_shim.hpp"
#include "support/loopback_port.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/postfix.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

const std::string news =
    "Received: from app.sender.example\r\nFrom: News <news@sender.example>\r\nTo: you@example.org\r\n"
    "Subject: News\r\nMessage-ID: <1@sender.example>\r\n\r\nGood morning,\r\n.\r\nthat was a full stop.\r\n";

/// A secret in a file of `dir` that belongs to its owner alone.
std::string secret_file(const TemporaryDirectory& dir, const std::string& name, const std::string& text) {
    const std::string path = dir.write(name, text);
    std::filesystem::permissions(path, std::filesystem::perms(0600));
    return path;
}

/// A report to `return_path` that a mailbox was full, with the message `returned` of type `type`.
std::string report(const std::string& address, const std::string& return_path, const std::string& returned = news,
                   const std::string& type = "message/rfc822", const std::string& status = "4.2.2") {
    return "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.net\r\nTo: " + return_path +
           "\r\nSubject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n"
           "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: "
           "rfc822; " +
           address + "\r\nAction: failed\r\nStatus: " + status + "\r\nDiagnostic-Code: smtp; 452 " + status +
           " mailbox full\r\n\r\n--b\r\nContent-Type: " + type + "\r\n\r\n" + returned + "\r\n--b--\r\n";
}

void deliver_now(const std::filesystem::path& maildir, const std::vector<std::string>& messages) {
    deliver(maildir, messages, static_cast<std::size_t>(std::time(nullptr)));
}

/// A journal, a Maildir, a key ring, and a configuration that sends again by the server with those keys.
struct Sender {
    TemporaryDirectory dir;
    Scene scene;

    explicit Sender(const std::string& server, const std::string& retry = "")
        : scene(maildir_scene(dir, "scene",
                              "[verp]\naddress = \"bounces@news.example\"\nkeys_file = \"" +
                                  secret_file(dir, "keys", "k1 " + std::string(32, 's') + "\n") +
                                  "\"\n[[notify]]\nname = \"told\"\nfile = \"" + dir.file("told") +
                                  "\"\n[retry]\naction = \"resend\"\n" + retry + "[retry.smtp]\n" + server)) {}

    [[nodiscard]] std::string sign(const std::string& recipient) const {
        const Finished made = scene.nixie({"verp", "sign", "--mailing", "spring", recipient});
        REQUIRE(made.exit_code == 0);
        return made.out.substr(0, made.out.size() - 1);
    }
    void run() const {
        const Finished finished = scene.nixie({"run", "--once"});
        INFO(finished.err);
        CHECK(finished.exit_code == 0);
    }
    void change(const std::string& sql) const { SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec(sql); }
    /// Reads the report, and lets an hour pass.
    void read_and_wait(const std::string& bytes) const {
        deliver_now(scene.maildir, {bytes});
        run();
        change("UPDATE recipients SET due_at = due_at - 7200");
    }
    void make_due(const std::string& address) const { read_and_wait(report(address, sign(address))); }
    /// Makes the try, too.
    void run_until_due(const std::string& bytes) const {
        read_and_wait(bytes);
        run();
    }
    [[nodiscard]] std::string outcomes() const { return scene.rows("SELECT outcome FROM resends"); }
    [[nodiscard]] std::string state() const { return scene.rows("SELECT state FROM recipients"); }
    [[nodiscard]] std::vector<nlohmann::json> due_events() const {
        std::vector<nlohmann::json> out;
        for (auto& event : json_lines(read_file(dir.file("told"))))
            if (event["event"] == "due") out.push_back(std::move(event));
        return out;
    }
};

std::string postfix_keys(const TemporaryDirectory& dir) {
    return Postfix::shared().login_keys(secret_file(dir, "password", "pw\n"));
}

} // namespace

TEST_CASE(
    "resend: the original goes to its one recipient again, with a fresh return path, and comes back as the same") {
    const TemporaryDirectory secrets;
    const Sender sender(postfix_keys(secrets));
    sender.run_until_due(report("ann@example.org", sender.sign("ann@example.org")));
    CHECK(sender.outcomes() == "sent\n");
    CHECK(sender.state() == "retried\n");
    REQUIRE(eventually([] { return Postfix::shared().mails_for("ann@example.org").size() == 1; }));
    const std::string mail = Postfix::shared().mails_for("ann@example.org").front();
    INFO(mail);
    CHECK_THAT(mail, Catch::Contains(
                         "\nResent-From: <bounces@news.example>\nResent-To: <ann@example.org>\nResent-Message-ID: <"));
    CHECK_THAT(mail, Catch::EndsWith(
                         "\nReceived: from app.sender.example\nFrom: News <news@sender.example>\nTo: you@example.org\n"
                         "Subject: News\nMessage-ID: <1@sender.example>\n\nGood morning,\n.\nthat was a full stop.\n"));
    const auto begin = mail.find("Return-Path: <") + 14;
    const std::string return_path = mail.substr(begin, mail.find('>', begin) - begin);
    const Finished verified = sender.scene.nixie({"verp", "verify", return_path});
    CHECK(verified.exit_code == 0);
    CHECK_THAT(verified.out, Catch::Contains("ann@example.org") && Catch::Contains("spring"));
    CHECK(sender.due_events().empty());
    CHECK_THAT(sender.scene.nixie({"recipient", "ann@example.org"}).out, Catch::Contains("sent again as <"));

    sender.run();
    CHECK(sender.scene.rows("SELECT count(*) FROM resends") == "1\n");
    CHECK(sender.scene.rows("SELECT count(*) FROM originals") == "0\n");
    // The resent one bounces: the next try, a day later, is another.
    sender.run_until_due(report("ann@example.org", return_path, mail.substr(mail.find("Resent-Date"))));
    sender.change("UPDATE recipients SET due_at = due_at - 90000");
    sender.run();
    CHECK(sender.outcomes() == "sent\nsent\n");
    CHECK(eventually([] { return Postfix::shared().mails_for("ann@example.org").size() == 2; }));
}

TEST_CASE("resend: what was not returned whole, or not by a valid token, is left to who is told that it is due") {
    const TemporaryDirectory secrets;
    const Sender sender(postfix_keys(secrets));
    const std::string own = sender.sign("bob@example.org");
    std::string forged = own;
    forged.replace(forged.find("bob="), 4, "eve=");
    struct Row {
        std::string what, bytes, address;
    };
    const auto row = GENERATE_COPY(values<Row>(
        {{"headers", report("bob@example.org", own, "Subject: News\r\n", "text/rfc822-headers"), "bob@example.org"},
         {"no token", report("bob@example.org", "bounces@news.example"), "bob@example.org"},
         {"forged", report("eve@example.org", forged), "eve@example.org"}}));
    CAPTURE(row.what);
    sender.run_until_due(row.bytes);
    CHECK(sender.outcomes() == "handed-over\n");
    CHECK(sender.state() == "waiting\n");
    sender.run();
    REQUIRE(sender.due_events().size() == 1);
    CHECK(sender.due_events()[0]["address"] == row.address);
    CHECK_THAT(sender.due_events()[0]["cause"].get<std::string>(),
               Catch::Contains("did not return the original whole"));
    CHECK(Postfix::shared().mails_for(row.address).empty());
    CHECK_THAT(sender.scene.nixie({"due"}).out, Catch::Contains(row.address));
}

TEST_CASE("resend: never to who is suppressed or held, nor when the newest report was no soft bounce") {
    const TemporaryDirectory secrets;
    const Sender sender(postfix_keys(secrets));
    deliver_now(sender.scene.maildir, {report("cid@example.org", sender.sign("cid@example.org"))});
    sender.run();
    const auto change = GENERATE(values<std::string>(
        {"UPDATE bounce_rows SET held = 1",
         "INSERT OR IGNORE INTO texts (text) VALUES ('blocked');"
         "INSERT INTO bounce_rows SELECT id + 100, message, recipient, arrived + 1, address, kind, reason, category, "
         "(SELECT id FROM texts WHERE text = 'blocked'), status, smtp_code, action, diagnostic, remote_mta, rule, "
         "matched, "
         "decision, cause, set_aside, held, trouble FROM bounce_rows",
         "suppress"}));
    CAPTURE(change);
    if (change == "suppress")
        CHECK(sender.scene.nixie({"suppressions", "add", "cid@example.org"}).exit_code == 0);
    else
        sender.change(change);
    sender.change("UPDATE recipients SET due_at = due_at - 7200");
    sender.run();
    CHECK_THAT(sender.outcomes(), !Catch::Contains("sent"));
    CHECK(Postfix::shared().mails_for("cid@example.org").empty());
}

TEST_CASE(
    "resend: what the mail server refuses for good is left to people, and what it refuses for now is tried again") {
    const TemporaryDirectory secrets;
    const Sender sender(postfix_keys(secrets));
    sender.run_until_due(report("gone@example.org", sender.sign("gone@example.org")));
    sender.run();
    CHECK(sender.outcomes() == "handed-over\n");
    REQUIRE(sender.due_events().size() == 1);
    CHECK_THAT(sender.due_events()[0]["cause"].get<std::string>(), Catch::Contains("SMTP reply 550"));

    const Sender patient(postfix_keys(secrets));
    patient.run_until_due(report("later@example.org", patient.sign("later@example.org")));
    CHECK(patient.outcomes() == "not-taken\n");
    CHECK(patient.scene.rows("SELECT attempts, delivered_at IS NULL FROM outbox_deliveries WHERE way = 'retry'") ==
          "1 1\n");
    patient.change("UPDATE outbox_deliveries SET ready_at = 0");
    patient.run();
    CHECK(patient.scene.rows("SELECT attempts FROM outbox_deliveries WHERE way = 'retry'") == "2\n");
    CHECK(patient.state() == "waiting\n");
}

TEST_CASE("resend: killed while it sends, it does not send a second time") {
    const TemporaryDirectory secrets;
    const std::string keys = postfix_keys(secrets);
    const std::vector<std::string> pass{"run", "--once", "--quiet"};
    const Sender calm(keys);
    calm.make_due("calm@example.org");
    std::vector<std::size_t> sends; // of the conversation with the mail server
    for (const auto& step : steps_of(calm.scene, pass, secrets))
        if (step.ends_with(" send")) sends.push_back(std::stoul(step));
    REQUIRE(calm.outcomes() == "sent\n");
    REQUIRE(sends.size() > 3);

    // Not the very last: some handshakes take a packet less, and then the outcome would be known by that step.
    for (const auto at : {sends.front(), sends[sends.size() / 2], sends[sends.size() - 3], sends[sends.size() - 2]}) {
        const std::string address = "dan" + std::to_string(at) + "@example.org";
        INFO("killed after step " << at);
        const Sender sender(keys);
        sender.make_due(address);
        REQUIRE(killed_at(sender.scene, pass, at, "after").signal == SIGKILL);
        CHECK(sender.outcomes() == "begun\n");
        sender.run();
        CHECK(sender.outcomes() == "unknown\n");
        CHECK(sender.state() == "retried\n");
        CHECK(Postfix::shared().mails_for(address).size() <= 1);
    }
}

TEST_CASE("resend: a domain gets so many in an hour, and the rest later") {
    const TemporaryDirectory secrets;
    const Sender sender(postfix_keys(secrets), "per_domain = 1\n");
    deliver_now(sender.scene.maildir, {report("fay@example.org", sender.sign("fay@example.org")),
                                       report("gil@example.org", sender.sign("gil@example.org"))});
    sender.run();
    sender.change("UPDATE recipients SET due_at = due_at - 7200");
    sender.run();
    CHECK(sender.outcomes() == "sent\n");
    CHECK(sender.scene.rows("SELECT attempts, ready_at > unixepoch() + 3000 FROM outbox_deliveries "
                            "WHERE way = 'retry' AND delivered_at IS NULL") == "0 1\n");
    sender.change("UPDATE resends SET begun_at = begun_at - 3601");
    sender.change("UPDATE outbox_deliveries SET ready_at = 0");
    sender.run();
    CHECK(sender.outcomes() == "sent\nsent\n");
}

TEST_CASE("resend: a server that hangs up after the whole message leaves the outcome unknown") {
    const TemporaryDirectory mails;
    const std::string port = LoopbackPort(LoopbackPort::Behaviour::closed).number();
    const std::string user = ::geteuid() == 0 ? "-u nobody " : "";
    // -q: hangs up at the final full stop.
    Running server({"/bin/sh", "-c", "exec /usr/sbin/smtp-sink " + user + "-q . 127.0.0.1:" + port + " 10"});
    const Sender sender("server = \"smtp://127.0.0.1:" + port + "\"\n");
    sender.make_due("hal@example.org");
    CHECK(eventually([&] { // it may not listen yet: then nothing was sent
        sender.run();
        sender.change("UPDATE outbox_deliveries SET ready_at = 0");
        return sender.outcomes() == "unknown\n";
    }));
    CHECK(sender.state() == "retried\n");
}

TEST_CASE("retry.action = command: the command gets the try as JSON, and one that ends well was a try") {
    const TemporaryDirectory dir;
    const std::string tried = dir.file("tried"), ready = dir.file("ready");
    const Scene scene =
        maildir_scene(dir, "scene",
                      "[retry]\naction = \"command\"\ncommand = \"test -e " + ready + " && cat >> " + tried +
                          "\"\n[[notify]]\nname = \"told\"\nfile = \"" + dir.file("told") + "\"\n");
    deliver_now(scene.maildir, {bounce_message("1", "ann@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    const auto change = [&](const char* sql) { SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec(sql); };
    change("UPDATE recipients SET due_at = due_at - 7200");
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(scene.rows("SELECT state FROM recipients") == "waiting\n");
    write_file(ready, "");
    change("UPDATE outbox_deliveries SET ready_at = 0");
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(scene.rows("SELECT state FROM recipients") == "retried\n");
    REQUIRE(json_lines(read_file(tried)).size() == 1);
    CHECK(json_lines(read_file(tried))[0]["event"] == "try");
    CHECK(json_lines(read_file(tried))[0]["address"] == "ann@example.org");
    for (const auto& event : json_lines(read_file(dir.file("told")))) CHECK(event["event"] == "bounce");
}

TEST_CASE("ways to tell: a mail of an event goes over STARTTLS and with a login") {
    const TemporaryDirectory dir;
    const Scene scene =
        maildir_scene(dir, "scene",
                      "[[notify]]\nname = \"ops\"\nmail = \"ops@example.org\"\nfrom = \"nixie@example.org\"\n"
                      "events = [\"suppressed\"]\n" +
                          postfix_keys(dir));
    deliver_now(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(eventually([] { return Postfix::shared().mails_for("ops@example.org").size() == 1; }));

    const Scene wrong =
        maildir_scene(dir, "wrong",
                      "[[notify]]\nname = \"ops\"\nmail = \"ops@example.org\"\nfrom = \"nixie@example.org\"\n"
                      "events = [\"suppressed\"]\n" +
                          Postfix::shared().login_keys(secret_file(dir, "wrong.password", "no\n")));
    deliver(wrong.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    CHECK(wrong.nixie({"run", "--once"}).exit_code == 0);
    CHECK_THAT(wrong.rows("SELECT last_error FROM outbox_deliveries"), Catch::Contains("535"));
}

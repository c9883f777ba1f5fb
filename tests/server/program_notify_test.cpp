// The command that is told of events.
#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <optional>
#include <set>

#include <SQLiteCpp/SQLiteCpp.h>

#include "nixie/message.hpp"
#include "support/eventually.hpp"
#include "support/http_receiver.hpp"
#include "support/json_lines.hpp"
#include "support/loopback_port.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/scene.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

/// After a first run over three bounces.
Scene run_with_command(const TemporaryDirectory& dir, const std::string& command) {
    Scene scene = maildir_scene(dir, "scene", "[notify]\ncommand = \"" + command + "\"\n");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
                            bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full"),
                            bounce_message("3", "cid@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    const Finished finished = scene.nixie({"run", "--once"});
    INFO(finished.err);
    REQUIRE(finished.exit_code == 0);
    return scene;
}

/// A server that takes every mail and keeps it in a folder.
class MailSink {
  public:
    explicit MailSink(const TemporaryDirectory& dir) : mails_(dir.file("mails")) {
        std::filesystem::create_directory(mails_);
        std::filesystem::permissions(mails_, std::filesystem::perms::all);
        std::filesystem::permissions(mails_.parent_path(), std::filesystem::perms(0755));
        const std::string user = ::geteuid() == 0 ? "-u nobody " : "";
        server_.emplace(std::vector<std::string>{
            "/bin/sh", "-c",
            "cd " + mails_.string() + " && exec /usr/sbin/smtp-sink " + user + "-d mail. 127.0.0.1:" + port_ + " 10"});
    }
    /// A [[notify]] that tells those events to it.
    [[nodiscard]] std::string way(const std::string& events) const {
        return "[[notify]]\nname = \"ops\"\nmail = \"ops@example.org\"\nfrom = \"nixie@example.org\"\nevents = [\"" +
               events + "\"]\nserver = \"smtp://127.0.0.1:" + port_ + "\"\n";
    }
    /// Runs nixie until one event has been told; the mail. The server may not listen at first: then the mail waits, as it should.
    [[nodiscard]] std::string take(const Scene& scene) const {
        CHECK(eventually([&] {
            CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
            SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec("UPDATE outbox_deliveries SET ready_at = 0");
            return scene.rows("SELECT count(*) FROM outbox_deliveries WHERE delivered_at > 0") == "1\n";
        }));
        std::string mail;
        for (const auto& entry : std::filesystem::directory_iterator(mails_)) mail = read_file(entry.path());
        return mail;
    }

  private:
    std::filesystem::path mails_;
    std::string port_ = LoopbackPort(LoopbackPort::Behaviour::closed).number();
    std::optional<Running> server_;
};

} // namespace

TEST_CASE("a notify command: is told of every event once") {
    const TemporaryDirectory dir;
    const std::string told = dir.file("told");
    const Scene scene = run_with_command(dir, "cat >> " + told);
    const auto events = json_lines(read_file(told));
    CHECK(std::to_string(events.size()) + "\n" == scene.rows("SELECT count(*) FROM outbox"));
    std::multiset<std::string> bounces;
    for (const auto& event : events)
        if (event["event"] == "bounce") bounces.insert(event["address"]);
    CHECK(bounces == std::multiset<std::string>{"ann@example.org", "bob@example.org", "cid@example.org"});

    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(json_lines(read_file(told)).size() == events.size());
}

TEST_CASE("a notify command that fails: is told again once the time has come, and the run is well") {
    const TemporaryDirectory dir;
    const std::string told = dir.file("told"), ready = dir.file("ready");
    const Scene scene = run_with_command(dir, "test -e " + ready + " && cat >> " + told);
    CHECK_FALSE(std::filesystem::exists(told));
    CHECK(scene.rows("SELECT count(*) FROM messages WHERE stage = 'filed'") == "3\n");
    CHECK(scene.rows("SELECT attempts, last_error FROM outbox_deliveries WHERE attempts > 0 LIMIT 1") ==
          "1 exit code 1\n");

    write_file(ready, "");
    SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec("UPDATE outbox_deliveries SET ready_at = 0");
    const Finished again = scene.nixie({"run", "--once"});
    CHECK(again.err == "");
    CHECK(std::to_string(json_lines(read_file(told)).size()) + "\n" == scene.rows("SELECT count(*) FROM outbox"));
}

TEST_CASE("ways to tell: each gets what it asks for, and one that fails delays no other") {
    const TemporaryDirectory dir;
    const std::string all = dir.file("all"), due = dir.file("suppressed");
    const HttpReceiver receiver([](const HttpRequest&) { return HttpReceiver::Reply{"500 Oops", "", "swordfish"}; });
    const Scene scene =
        maildir_scene(dir, "scene",
                      "[[notify]]\nname = \"hook\"\nurl = \"" + receiver.url() + "\"\nattempts = 1\n" +
                          "[[notify]]\nname = \"all\"\nfile = \"" + all + "\"\n" +
                          "[[notify]]\nname = \"some\"\nfile = \"" + due + "\"\nevents = [\"suppressed\"]\n");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    const Finished finished = scene.nixie({"run", "--once"});
    CHECK(finished.exit_code == 0);
    CHECK(json_lines(read_file(all)).size() == 2);
    REQUIRE(json_lines(read_file(due)).size() == 1);
    CHECK(json_lines(read_file(due))[0]["event"] == "suppressed");

    const auto dead = json_lines(scene.nixie({"outbox", "list", "--dead", "--json"}).out);
    REQUIRE(dead.size() == 2);
    CHECK(dead[0]["way"] == "hook");
    CHECK(dead[0]["error"] == "HTTP status 500");
    CHECK(dead[0]["event"]["event"] == "bounce");
    CHECK_THAT(scene.nixie({"status"}).out, Catch::Contains("2 dead letters"));

    const std::string first = std::to_string(dead[0]["id"].get<int>());
    CHECK(scene.nixie({"outbox", "drop", first}).exit_code == 0);
    CHECK(scene.nixie({"outbox", "drop", first}).exit_code == 66);
    CHECK(scene.nixie({"outbox", "replay"}).exit_code == 64);
    CHECK(scene.nixie({"outbox", "replay", "--all"}).exit_code == 0);
    CHECK(scene.rows("SELECT count(*) FROM outbox_deliveries WHERE dead_at IS NOT NULL") == "0\n");
    const auto before = receiver.requests().size();
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(receiver.requests().size() == before + 1);
}

TEST_CASE("ways to tell: a receiver that is gone is asked once, and the rest become dead letters") {
    const TemporaryDirectory dir;
    const HttpReceiver receiver([](const HttpRequest&) { return HttpReceiver::Reply{"410 Gone"}; });
    const Scene scene = maildir_scene(dir, "scene", "[[notify]]\nname = \"hook\"\nurl = \"" + receiver.url() + "\"\n");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
                            bounce_message("2", "bob@example.org", "5.1.1", "550 5.1.1 User unknown")});
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(receiver.requests().size() == 1);
    CHECK(scene.rows("SELECT count(*) FROM outbox_deliveries WHERE dead_at IS NOT NULL") == "4\n");
}

TEST_CASE("ways to tell: a command that hangs delays no other way, and does not keep the service from stopping") {
    const TemporaryDirectory dir;
    const std::string begun = dir.file("begun"), all = dir.file("all");
    const Scene scene = maildir_scene(dir, "scene",
                                      "[[notify]]\nname = \"slow\"\ncommand = \"touch " + begun +
                                          "; exec sleep 600\"\ntimeout = \"10m\"\n" +
                                          "[[notify]]\nname = \"all\"\nfile = \"" + all + "\"\n");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    Running service(scene.command({"run"}));
    CHECK(eventually([&] { return std::filesystem::exists(begun); }));
    CHECK(eventually([&] { return std::filesystem::exists(all) && json_lines(read_file(all)).size() == 2; }));
    service.terminate();
    CHECK(service.wait().exit_code == 0);
    CHECK(scene.rows("SELECT attempts FROM outbox_deliveries WHERE way = 'slow'") == "0\n0\n");
}

TEST_CASE("ways to tell: a mail of an event reaches an SMTP server") {
    const TemporaryDirectory dir;
    const MailSink sink(dir);
    const Scene scene = maildir_scene(dir, "scene", sink.way("suppressed"));
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    CHECK_THAT(sink.take(scene), Catch::Contains("Subject: [nixie] suppressed ann@example.org") &&
                                     Catch::Contains("X-Rcpt-Args: <ops@example.org>") &&
                                     Catch::Contains("address: ann@example.org"));
}

TEST_CASE("ways to tell: the digest reaches an SMTP server as text and as HTML") {
    const TemporaryDirectory dir;
    const MailSink sink(dir);
    const Scene scene = maildir_scene(dir, "scene", sink.way("digest") + "[digest]\nevery = \"1w\"\nfile = false\n");
    deliver(scene.maildir, {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown")});
    REQUIRE(scene.nixie({"run", "--once"}).exit_code == 0);
    SQLite::Database(scene.journal, SQLite::OPEN_READWRITE).exec("UPDATE digests SET until = until - 604800");
    const Message mail = parse_message(sink.take(scene));
    CHECK_THAT(std::string(mail.headers().get("Subject")), Catch::StartsWith("Bounces, "));
    REQUIRE(mail.parts.size() == 3);
    CHECK(mail.parts[1].type == "text/plain");
    CHECK(mail.parts[2].type == "text/html");
    CHECK(message_counts(scene.maildir) == std::map<std::string, std::size_t>{{".Bounces.bad-mailbox", 1}});
}

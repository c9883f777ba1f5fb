// Many mailboxes in one process: one that fails or hangs delays no other, and each is seen from outside.
#include <catch2/catch.hpp>

#include <sys/stat.h>

#include <csignal>

#include <nlohmann/json.hpp>

#include "support/datagram_socket.hpp"
#include "support/eventually.hpp"
#include "support/loopback_port.hpp"
#include "support/maildir_tree.hpp"
#include "support/messages.hpp"
#include "support/relay.hpp"
#include "support/scene.hpp"

using namespace nixie;

namespace {

std::string server_mailbox(const std::string& name, const std::string& url, const std::string& user,
                           const std::string& password = "pw", const std::string& more = "") {
    return "[[mailbox]]\nname = \"" + name + "\"\nurl = \"" + url + "\"\nuser = \"" + user +
           "\"\npassword_command = \"echo " + password + "\"\n" + more;
}

std::string maildir_mailbox(const std::string& name, const std::filesystem::path& path, const std::string& more = "") {
    return "[[mailbox]]\nname = \"" + name + "\"\nurl = \"maildir:" + path.string() + "\"\n" + more;
}

/// A configuration of several mailboxes.
Scene scene_of(const TemporaryDirectory& dir, const std::string& mailboxes, const std::string& more = "") {
    const std::string journal = dir.file("nixie.db");
    return {{}, journal, dir.write("nixie.toml", "state = \"" + journal + "\"\n" + mailboxes + more)};
}

std::string some_bounce(const std::string& id) {
    return bounce_message(id, "reader" + id + "@example.org", "5.1.1", "550 5.1.1 User unknown");
}

std::size_t in_folder(const std::filesystem::path& maildir, const std::string& folder = ".Bounces.bad-mailbox") {
    const auto counts = message_counts(maildir);
    const auto found = counts.find(folder);
    return found == counts.end() ? 0 : found->second;
}

nlohmann::json status_of(const Scene& scene) { return nlohmann::json::parse(scene.nixie({"status", "--json"}).out); }

std::string state_of(const Scene& scene, std::size_t mailbox) {
    const Finished finished = scene.nixie({"status", "--json"});
    if (finished.out.empty()) return "no journal yet";
    return nlohmann::json::parse(finished.out)["mailboxes"][mailbox]["state"];
}

} // namespace

TEST_CASE("many mailboxes: a server that hangs delays no other, nor what status tells") {
    const TemporaryDirectory dir;
    const LoopbackPort silent(LoopbackPort::Behaviour::silent);
    const auto maildir = dir.path() / "good";
    const std::string user = Dovecot::new_user();
    const Scene scene = scene_of(dir, server_mailbox("hangs", "imap://127.0.0.1:" + silent.number(), "someone") +
                                          server_mailbox("server", Dovecot::with().endpoint("imap", user).url, user) +
                                          maildir_mailbox("good", maildir));
    deliver(maildir, {some_bounce("1")});
    deliver(Dovecot::with().maildir(user), {some_bounce("2")});
    const auto arguments = GENERATE(std::vector<std::string>{"run"}, std::vector<std::string>{"run", "--once"});
    const Running run(scene.command(arguments));
    CHECK(eventually([&] { return in_folder(maildir) == 1 && in_folder(Dovecot::with().maildir(user)) == 1; }));
    CHECK(eventually([&] { return state_of(scene, 2) == "idle"; }));
    CHECK(state_of(scene, 0) == "working");
    CHECK(state_of(scene, 1) == "idle");
}

TEST_CASE("a service: a connection that is lost while it waits is opened again, and told as a warning") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    const std::string url = Dovecot::with().endpoint("imap", user).url;
    Relay relay(std::stoi(url.substr(url.rfind(':') + 1)));
    const auto maildir = Dovecot::with().maildir(user);
    deliver(maildir, {some_bounce("1")});
    const Scene scene =
        scene_of(dir, server_mailbox("bounces", "imap://127.0.0.1:" + std::to_string(relay.port()), user));
    Running service(scene.command({"run"}));
    REQUIRE(eventually([&] { return in_folder(maildir) == 1; }));
    REQUIRE(relay.settle());
    deliver(maildir, {some_bounce("2")});
    CHECK(eventually([&] { return in_folder(maildir) == 2; }));
    service.terminate();
    const Finished finished = service.wait();
    CHECK_THAT(finished.err, Catch::Contains(" warning bounces: ") && !Catch::Contains(" error "));
    CHECK(scene.rows("SELECT count(*) FROM bounces") == "2\n");
}

TEST_CASE("SIGTERM: a server that does not answer keeps nobody from leaving") {
    const TemporaryDirectory dir;
    const LoopbackPort silent(LoopbackPort::Behaviour::silent);
    const Scene scene = scene_of(dir, server_mailbox("hangs", "imap://127.0.0.1:" + silent.number(), "someone"));
    const bool once = GENERATE(true, false);
    Running run(scene.command(once ? std::vector<std::string>{"run", "--once"} : std::vector<std::string>{"run"}));
    REQUIRE(eventually([&] { return state_of(scene, 0) == "working"; }));
    const auto told = std::chrono::steady_clock::now();
    run.terminate();
    CHECK(run.wait().exit_code == (once ? 75 : 0));
    CHECK(std::chrono::steady_clock::now() - told < std::chrono::seconds(20));
    CHECK(state_of(scene, 0) == "idle");
}

TEST_CASE("many mailboxes: each files into folders of its own, and windows of its own count") {
    const TemporaryDirectory dir;
    const Scene scene = scene_of(
        dir, maildir_mailbox("usual", dir.path() / "usual") +
                 maildir_mailbox("own", dir.path() / "own",
                                 "[mailbox.folders]\nroot = \"Reports\"\n[mailbox.retry]\nwindows = [\"5h\"]\n"));
    deliver(dir.path() / "usual", {bounce_message("1", "ann@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    deliver(dir.path() / "own", {bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full")});
    const Finished finished = scene.nixie({"run", "--once"});
    CHECK(finished.err == "");
    CHECK(in_folder(dir.path() / "usual", ".Bounces.quota-issues") == 1);
    CHECK(in_folder(dir.path() / "own", ".Reports.quota-issues") == 1);
    CHECK(scene.rows("SELECT address, due_at - last_bounce FROM recipients") ==
          "ann@example.org 3600\nbob@example.org 18000\n");
}

TEST_CASE("many mailboxes: with fewer connections than mailboxes of one server they take turns") {
    const TemporaryDirectory dir;
    std::string mailboxes;
    std::vector<std::string> users;
    for (int i = 0; i < 4; ++i) {
        users.push_back(Dovecot::new_user());
        deliver(Dovecot::with().maildir(users.back()), {some_bounce(users.back())});
        mailboxes += server_mailbox("m" + std::to_string(i), Dovecot::with().endpoint("imap", users.back()).url,
                                    users.back(), "pw", i == 0 ? "connections = 1\n" : "");
    }
    const Scene scene = scene_of(dir, mailboxes);
    Running service(scene.command({"run"}));
    CHECK(eventually([&] {
        return std::all_of(users.begin(), users.end(),
                           [](const auto& user) { return in_folder(Dovecot::with().maildir(user)) == 1; });
    }));
    service.terminate();
    CHECK(service.wait().exit_code == 0);
}

TEST_CASE("a refused login: is told once, is critical in status, and the next single pass leaves the account alone") {
    const TemporaryDirectory dir;
    const std::string url = Dovecot::with().endpoint("imap", "someone").url;
    const Scene scene = scene_of(dir, server_mailbox("bounces", url, "someone", "swordfish"));
    CHECK(scene.nixie({"run", "--once"}).exit_code == 77);
    const auto status = scene.nixie({"status"});
    CHECK(status.exit_code == 2);
    CHECK_THAT(status.out, Catch::StartsWith("CRITICAL: bounces: " + url + ": user name or password refused"));
    const Finished again = scene.nixie({"run", "--once"});
    CHECK(again.exit_code == 75);
    CHECK_THAT(again.err, Catch::Contains("left alone until") && Catch::Contains("--now"));
    CHECK(scene.nixie({"run", "--once", "--quiet"}).err == "");
    CHECK(scene.nixie({"run", "--once", "--now"}).exit_code == 77);
    CHECK(status_of(scene)["mailboxes"][0]["failures"] == 2);
}

TEST_CASE("a daily limit of bytes: is never exceeded, rests until the day turns, and is told by status") {
    const TemporaryDirectory dir;
    const auto maildir = dir.path() / "good";
    const Scene scene =
        scene_of(dir, maildir_mailbox("good", maildir), "[limits]\nfetch_bytes = 16384\nbytes_per_day = 20000\n");
    std::vector<std::string> messages;
    for (int i = 0; i < 12; ++i) messages.push_back(some_bounce(std::to_string(i)) + std::string(1000, '-'));
    deliver(maildir, messages);
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    const auto status = status_of(scene)["mailboxes"][0];
    CHECK(status["state"] == "resting");
    CHECK(status["bytes_today"] > 3000);
    CHECK(status["bytes_today"] <= 20000);
    const std::size_t filed = in_folder(maildir);
    CHECK(filed > 0);
    CHECK(filed < 12);
    CHECK(status["waiting"] == 12 - filed);
    CHECK(scene.nixie({"run", "--once"}).exit_code == 75);
    CHECK(in_folder(maildir) == filed);
    CHECK(scene.nixie({"status"}).exit_code == 1);
}

TEST_CASE("a message longer than what is read of it: the journal says where reading stopped") {
    const TemporaryDirectory dir;
    const auto maildir = dir.path() / "good";
    const Scene scene = scene_of(dir, maildir_mailbox("good", maildir), "[limits]\nfetch_bytes = 16384\n");
    deliver(maildir, {some_bounce("1") + std::string(100'000, '-'), some_bounce("2")});
    CHECK(scene.nixie({"run", "--once"}).exit_code == 0);
    CHECK(scene.rows("SELECT cut_at, size > 100000 FROM messages") == " 0\n16384 1\n");
}

TEST_CASE("SIGHUP: mailboxes come and go, and one that stays notices nothing") {
    const TemporaryDirectory dir;
    const auto stays = dir.path() / "stays", comes = dir.path() / "comes";
    const std::string user = Dovecot::new_user();
    const std::string staying = server_mailbox("stays", Dovecot::with().endpoint("imap", user).url, user);
    deliver(stays, {});
    deliver(comes, {some_bounce("1")});
    const Scene scene = scene_of(dir, staying);
    Running service(scene.command({"run"}));
    REQUIRE(eventually([&] { return state_of(scene, 0) == "idle"; }));

    dir.write("nixie.toml", "state = \"" + scene.journal + "\"\n" + staying + maildir_mailbox("comes", comes) +
                                "[folders]\n"); // an empty table changes nothing
    ::kill(service.pid(), SIGHUP);
    REQUIRE(eventually([&] { return in_folder(comes) == 1; }));

    dir.write("nixie.toml", "state = \"" + scene.journal + "\"\n[[mailbox]]\nname = \"broken\"\n");
    ::kill(service.pid(), SIGHUP);
    deliver(comes, {some_bounce("2")});
    REQUIRE(eventually([&] { return in_folder(comes) == 2; }));

    service.terminate();
    const Finished finished = service.wait();
    CHECK(finished.exit_code == 0);
    const auto count = [&](const std::string& part) {
        std::size_t times = 0;
        for (auto at = finished.err.find(part); at != std::string::npos; at = finished.err.find(part, at + 1)) ++times;
        return times;
    };
    INFO(finished.err);
    CHECK(count("stays: connected") == 1);
    CHECK(count("comes: connected") == 1);
    CHECK(count("configuration read again") == 1);
    CHECK(count("goes on with the old one") == 1);
    CHECK(count("nixie.toml:2") >= 1);
}

TEST_CASE("SIGHUP: a refused login is tried again at once, since its password may have been mended") {
    const TemporaryDirectory dir;
    const std::string user = Dovecot::new_user();
    const std::string secret = dir.write("secret", "sw0rdfish\n");
    ::chmod(secret.c_str(), 0600);
    deliver(Dovecot::with().maildir(user), {some_bounce("1")});
    const Scene scene =
        scene_of(dir, "[[mailbox]]\nname = \"bounces\"\nurl = \"" + Dovecot::with().endpoint("imap", user).url +
                          "\"\nuser = \"" + user + "\"\npassword_file = \"" + secret + "\"\n");
    const Running service(scene.command({"run"}));
    REQUIRE(eventually([&] { return state_of(scene, 0) == "refused"; }));
    write_file(secret, "pw\n");
    ::kill(service.pid(), SIGHUP);
    CHECK(eventually([&] { return in_folder(Dovecot::with().maildir(user)) == 1; }));
}

TEST_CASE("the log: in systemd's journal each line has its level, and no time of its own") {
    const TemporaryDirectory dir;
    deliver(dir.path() / "good", {});
    const Scene scene =
        scene_of(dir, maildir_mailbox("good", dir.path() / "good") + maildir_mailbox("bad", "/nonexistent"));
    Running service(
        {"/bin/sh", "-c",
         "JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec " NIXIE_BINARY " run --config " + scene.config});
    REQUIRE(eventually([&] { return state_of(scene, 0) == "idle" && state_of(scene, 1) == "backing-off"; }));
    service.terminate();
    const Finished finished = service.wait();
    CHECK_THAT(finished.err,
               Catch::Contains("<6>info good: pass done") && Catch::Contains("<3>error bad: cannot open the Maildir"));
}

TEST_CASE("systemd: hears that the service is ready, alive, reloading and stopping") {
    const TemporaryDirectory dir;
    const DatagramSocket socket(dir.file("notify"));
    deliver(dir.path() / "good", {});
    const Scene scene = scene_of(dir, maildir_mailbox("good", dir.path() / "good"));
    Running service(scene.command({"run"}), {{"NOTIFY_SOCKET", socket.name()}, {"WATCHDOG_USEC", "200000"}});
    CHECK(socket.receive_with("READY=1\nSTATUS=1 mailboxes"));
    CHECK(socket.receive_with("STATUS=1 mailboxes: 1 idle"));
    CHECK(socket.receive_with("WATCHDOG=1"));
    CHECK(socket.receive_with("WATCHDOG=1"));
    ::kill(service.pid(), SIGHUP);
    CHECK(socket.receive_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(socket.receive_with("READY=1"));
    service.terminate();
    CHECK(socket.receive_with("STOPPING=1"));
    CHECK(service.wait().exit_code == 0);
}

TEST_CASE("the log: holds no password and nothing of a message, in any form and at any level") {
    const TemporaryDirectory dir;
    const std::string format = GENERATE(as<std::string>{}, "text", "logfmt", "json");
    const std::string user = Dovecot::new_user();
    const std::string url = Dovecot::with().endpoint("imap", user).url;
    deliver(Dovecot::with().maildir(user), {some_bounce("1") + "\r\nTheBodyOfTheMessage\r\n"});
    const Scene scene =
        scene_of(dir, server_mailbox("good", url, user) + server_mailbox("wrong", url, user, "sw0rdfish-wrong"),
                 "[log]\nformat = \"" + format + "\"\nlevel = \"debug\"\n");
    Running service(scene.command({"run"}));
    REQUIRE(eventually([&] { return in_folder(Dovecot::with().maildir(user)) == 1; }));
    REQUIRE(eventually([&] { return state_of(scene, 1) == "refused"; }));
    service.terminate();
    const Finished finished = service.wait();
    CHECK_THAT(finished.err, Catch::Contains("pass done") && Catch::Contains("user name or password refused"));
    for (const std::string secret : {"sw0rdfish", "TheBodyOfTheMessage", "User unknown", "reader1"})
        CHECK_THAT(finished.err + finished.out, !Catch::Contains(secret));
    std::string_view rest = finished.err;
    for (std::string_view line = rest; format == "json" && !rest.empty();) {
        line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        CHECK(nlohmann::json::accept(line));
    }
}

// Cuts, stalls and splits the connection at the byte positions of a session of each kind, and makes another pass: the
// outcome must be the one of a pass that nobody disturbed. A few positions; every Nth with NIXIE_EVERY=N, all
// with NIXIE_EVERY=1, best with TMPDIR in memory: each pass syncs its files.
#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <mutex>
#include <random>
#include <thread>

#include "fault/outcome.hpp"
#include "log/log.hpp"
#include "support/messages.hpp"
#include "support/relay.hpp"
#include "worker/once.hpp"

using namespace nixie;

namespace {

using Kind = StreamFault::Kind;
using SteadyClock = std::chrono::steady_clock;
using Options = std::vector<std::string>;

/// The mailbox's `timeout`, and what a pass may take that waits that long for an answer and then leaves: it is one of many on
/// a busy machine.
const std::string timeout = "timeout = \"3s\"\n";
constexpr auto longest_pass = std::chrono::seconds(15);

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr std::size_t slowness = 3;
#else
constexpr std::size_t slowness = 1;
#endif

/// Most of what the server sends is the messages themselves; each byte of a command or its answer matters more.
constexpr std::size_t stride_to_server = 150 * slowness;
constexpr std::size_t stride_to_client = 750 * slowness;
/// A stalled pass waits and needs no processor, so that many fit beside each other.
constexpr std::size_t at_once = 12;

std::vector<std::string> three_messages() {
    return {bounce_message("1", "ann@example.org", "5.1.1", "550 5.1.1 User unknown"),
            bounce_message("2", "bob@example.org", "4.2.2", "452 4.2.2 Mailbox full"), ordinary_message("3")};
}

/// Makes a scene of that name whose server is behind `relay`.
using MakeScene = std::function<Scene(const std::string& name, const Relay& relay)>;

/// One kind of session, with what it came to when nothing happened to it.
struct Session {
    const MakeScene& make_scene;
    int server_port;
    std::string expected;
    std::size_t to_server, to_client; ///< bytes
};

std::string name_of(const StreamFault& fault) {
    const char* const kind = fault.kind == Kind::cut ? "cut" : fault.kind == Kind::stall ? "stall" : "split";
    const char* const direction = fault.direction == Direction::to_server ? "-to-server-" : "-to-client-";
    return kind + std::string(direction) + std::to_string(fault.at);
}

/// What one pass over it complains of: as `nixie run --once` makes it, but with rules that are read once for all passes.
std::string pass(const Scene& scene, Held held) {
    static const auto judge = std::make_shared<const Judge>(Judge::built_in());
    static const Signals signals;
    static const SystemClock clock;
    ConfigResult read = load_config(scene.config);
    const Settings settings(std::move(read.config).value(), judge);
    const RunOutcome run = run_once(settings, {CycleMode::work, held}, clock, signals, {});
    std::string complaints;
    const auto add = [&](const Error& error) { complaints += error.text() + "; "; };
    std::for_each(run.failures.begin(), run.failures.end(), add);
    for (const auto& mailbox : run.mailboxes) {
        std::for_each(mailbox.summary.failures.begin(), mailbox.summary.failures.end(), add);
        if (mailbox.failure) add(*mailbox.failure);
    }
    return complaints;
}

/// Thousands of them would fill a disk.
void clear_away(const Scene& scene) {
    std::filesystem::remove_all(scene.maildir);
    for (const char* beside : {"", "-wal", "-shm", ".filed"}) std::filesystem::remove_all(scene.journal + beside);
}

/// What is wrong after that fault; nothing is "".
std::string disturb(const Session& session, const StreamFault& fault) {
    std::string wrong;
    Relay relay(session.server_port, {}, fault);
    const Scene scene = session.make_scene(name_of(fault), relay);
    const auto began = SteadyClock::now();
    const std::string disturbed = pass(scene, Held::respect);
    if (SteadyClock::now() - began > longest_pass) wrong += "hung; ";
    if (fault.kind == Kind::split) {
        if (!disturbed.empty()) wrong += "failed; ";
    } else {
        if (!relay.settle()) wrong += "the server did not let go; ";
        const std::string again = pass(scene, Held::ignore);
        if (!again.empty()) wrong += "then failed: " + again + "; ";
    }
    const std::string found = outcome(scene);
    clear_away(scene);
    if (found != session.expected) wrong += "ended with\n" + found;
    return wrong.empty() ? "" : name_of(fault) + ": " + wrong + "it said: " + disturbed + "\n";
}

Session calm_session(const MakeScene& make_scene, int server_port) {
    set_log_level(LogLevel::error);
    const Relay relay(server_port);
    const Scene scene = make_scene("calm", relay);
    REQUIRE(pass(scene, Held::respect) == "");
    REQUIRE(scene.rows("SELECT stage, count(*) FROM messages GROUP BY stage") == "filed 3\n");
    REQUIRE(scene.rows("SELECT address, count(*) FROM bounces GROUP BY address") ==
            "ann@example.org 1\nbob@example.org 1\n");
    return {make_scene, server_port, outcome(scene), relay.passed(Direction::to_server),
            relay.passed(Direction::to_client)};
}

/// The same ones in each run.
std::vector<StreamFault> faults_of(const Session& session) {
    const char* const every = std::getenv("NIXIE_EVERY");
    std::mt19937 random(20261125); // NOLINT: each run is the same
    std::vector<StreamFault> faults;
    for (const Kind kind : {Kind::cut, Kind::stall, Kind::split}) {
        for (const Direction direction : {Direction::to_server, Direction::to_client}) {
            const bool up = direction == Direction::to_server;
            const std::size_t stride = every ? std::max(1UL, std::stoul(every))
                                       : up  ? stride_to_server
                                             : stride_to_client;
            const std::size_t end = up ? session.to_server : session.to_client;
            for (std::size_t at = random() % stride; at < end; at += stride)
                faults.push_back({kind, direction, at, std::chrono::milliseconds(1)});
        }
    }
    return faults;
}

void disturb_everywhere(const MakeScene& make_scene, int server_port) {
    const Session session = calm_session(make_scene, server_port);
    REQUIRE(session.to_server > 100);
    REQUIRE(session.to_client > 2000);
    const auto faults = faults_of(session);
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::vector<std::string> wrong;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < at_once; ++i) {
        threads.emplace_back([&] {
            for (std::size_t mine = next++; mine < faults.size(); mine = next++) {
                std::string complaint;
                try {
                    complaint = disturb(session, faults[mine]);
                } catch (const std::exception& error) {
                    complaint = name_of(faults[mine]) + ": " + error.what() + "\n";
                }
                const std::lock_guard lock(mutex);
                if (!complaint.empty()) wrong.push_back(complaint);
            }
        });
    }
    for (auto& thread : threads) thread.join();
    for (std::size_t i = 0; i < std::min<std::size_t>(wrong.size(), 20); ++i) UNSCOPED_INFO(wrong[i]);
    INFO(faults.size() << " positions, expected\n" << session.expected);
    CHECK(wrong.empty());
}

void disturb_imap(const Options& options) {
    const Dovecot dovecot(options);
    const TemporaryDirectory dir;
    disturb_everywhere(
        [&](const std::string& name, const Relay& relay) {
            Scene scene = make_scene(dir, name, dovecot.maildir(name),
                                     server_keys("imap://127.0.0.1:" + std::to_string(relay.port()), name) + timeout);
            deliver(scene.maildir, three_messages());
            return scene;
        },
        std::stoi(dovecot.value("imap")));
}

} // namespace

TEST_CASE("a connection cut, stalled or split anywhere, IMAP with MOVE: each message is filed and counted once") {
    disturb_imap({});
}

TEST_CASE("a connection cut, stalled or split anywhere, IMAP without MOVE: each message is filed and counted once") {
    disturb_imap({"--hide-move"});
}

TEST_CASE("a connection cut, stalled or split anywhere, IMAP without UIDPLUS: each message is filed and counted once") {
    disturb_imap({"--hide-move", "--hide-uidplus"});
}

TEST_CASE("a connection cut, stalled or split anywhere, POP3: each message is filed and counted once") {
    const Dovecot dovecot;
    const TemporaryDirectory dir;
    disturb_everywhere(
        [&](const std::string& name, const Relay& relay) {
            Scene scene =
                make_scene(dir, name, dovecot.maildir(name),
                           pop3_keys("pop3://127.0.0.1:" + std::to_string(relay.port()), dir, name) + timeout);
            deliver(scene.maildir, three_messages());
            return scene;
        },
        std::stoi(dovecot.value("pop3")));
}

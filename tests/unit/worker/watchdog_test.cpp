// A service whose work hangs, as its manager sees it.
#include <unistd.h>

#include <catch2/catch.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/clock.hpp"
#include "support/datagram_socket.hpp"
#include "support/eventually.hpp"
#include "support/loopback_port.hpp"
#include "support/temporary_directory.hpp"
#include "worker/service.hpp"

using namespace nixie;

TEST_CASE("watchdog: one mailbox that hangs ends the pings, though another is attended to") {
    const TemporaryDirectory dir;
    const DatagramSocket socket(dir.file("notify"));
    ::setenv("NOTIFY_SOCKET", socket.name().c_str(), 1);
    ::setenv("WATCHDOG_USEC", "100000", 1);
    const auto manager = ServiceManager::from_environment();
    const LoopbackPort silent(LoopbackPort::Behaviour::silent);
    for (const char* part : {"cur", "new", "tmp"}) std::filesystem::create_directories(dir.path() / "well" / part);
    const std::string file =
        dir.write("nixie.toml", "state = \"" + dir.file("nixie.db") +
                                    "\"\n[[mailbox]]\nname = \"well\"\nurl = \"maildir://" + dir.file("well") +
                                    "\"\n[[mailbox]]\nname = \"hangs\"\nurl = \"imap://127.0.0.1:" + silent.number() +
                                    "\"\nuser = \"u\"\npassword_command = \"echo pw\"\n");
    const SystemClock clock;
    const auto loaded = load_settings(file, clock);
    REQUIRE(loaded.settings);
    const Signals signals;
    Service service(
        loaded.settings, [&] { return load_settings(file, clock); }, clock, signals, manager, Duration{2});
    std::thread running([&] { service.run(); });
    CHECK(socket.receive_with("WATCHDOG=1"));
    CHECK(eventually([&] { return !socket.receive(500); })); // ten times as long as between two pings
    ::kill(::getpid(), SIGTERM);
    running.join();
}

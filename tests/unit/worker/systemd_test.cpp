#include <unistd.h>

#include <catch2/catch.hpp>

#include <cstdlib>

#include "support/datagram_socket.hpp"
#include "support/temporary_directory.hpp"
#include "worker/systemd.hpp"

using namespace nixie;

TEST_CASE("systemd: is told of each state, and children cannot speak for the service") {
    const TemporaryDirectory dir;
    const std::string path = dir.file("notify");
    const DatagramSocket socket(GENERATE_COPY(as<std::string>{}, path, "@" + path));
    ::setenv("NOTIFY_SOCKET", socket.name().c_str(), 1);
    const auto manager = ServiceManager::from_environment();
    CHECK(std::getenv("NOTIFY_SOCKET") == nullptr);
    manager.ready("2 mailboxes");
    CHECK(socket.receive() == "READY=1\nSTATUS=2 mailboxes");
    manager.status("a\nREADY=1");
    CHECK(socket.receive() == "STATUS=a\\nREADY=1");
    manager.reloading();
    CHECK_THAT(socket.receive().value_or(""), Catch::StartsWith("RELOADING=1\nMONOTONIC_USEC="));
    manager.ping();
    CHECK(socket.receive() == "WATCHDOG=1");
    manager.stopping();
    CHECK_THAT(socket.receive().value_or(""), Catch::StartsWith("STOPPING=1\n"));
}

TEST_CASE("systemd: the watchdog is pinged twice in its time, and only where it waits for this process") {
    struct Row {
        std::string microseconds, pid;
        std::optional<std::chrono::milliseconds> interval;
    };
    const std::string self = std::to_string(::getpid());
    const auto row = GENERATE_COPY(values<Row>({{"30000000", self, std::chrono::milliseconds(15'000)},
                                                {"30000000", "", std::chrono::milliseconds(15'000)},
                                                {"30000000", "1", std::nullopt},
                                                {"0", self, std::nullopt},
                                                {"soon", self, std::nullopt},
                                                {"", "", std::nullopt}}));
    ::setenv("WATCHDOG_USEC", row.microseconds.c_str(), 1);
    ::setenv("WATCHDOG_PID", row.pid.c_str(), 1);
    CHECK(ServiceManager::from_environment().ping_interval() == row.interval);
}

TEST_CASE("systemd: where nobody asked to be told, nothing happens") {
    ::unsetenv("NOTIFY_SOCKET");
    ServiceManager::from_environment().ready("well");
    SUCCEED();
}

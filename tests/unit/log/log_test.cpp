#include <catch2/catch.hpp>

#include <spdlog/spdlog.h>

#include "log/log.hpp"
#include "support/datagram_socket.hpp"
#include "support/temporary_directory.hpp"

using namespace nixie;

namespace {

/// The log goes to a socket while it lives.
struct LogToSocket {
    TemporaryDirectory dir;
    DatagramSocket socket{dir.file("journal")};

    explicit LogToSocket(LogLevel level) {
        const auto set_up = set_up_log({LogFormat::text, level, LogTarget::journal}, socket.name());
        REQUIRE(set_up);
    }
    ~LogToSocket() { static_cast<void>(set_up_log({})); }
};

} // namespace

TEST_CASE("log: systemd's journal gets what failed, where, and what to do") {
    const LogToSocket journal(LogLevel::info);
    log(LogLevel::error, Error{ErrorCode::unavailable, "no login {}", "imaps://x", "try again"},
        {{"mailbox", "bounces"}});
    CHECK(journal.socket.receive() ==
          "MESSAGE=bounces: no login {}\nPRIORITY=3\nSYSLOG_IDENTIFIER=nixie\nNIXIE_MAILBOX=bounces\n"
          "NIXIE_WHERE=imaps://x\nNIXIE_REMEDY=try again\n");
}

TEST_CASE("log: fields belong to one line only") {
    const LogToSocket journal(LogLevel::info);
    log(LogLevel::info, "first", {{"mailbox", "bounces"}});
    CHECK(journal.socket.receive());
    spdlog::warn("second");
    CHECK(journal.socket.receive() == "MESSAGE=second\nPRIORITY=4\nSYSLOG_IDENTIFIER=nixie\n");
}

TEST_CASE("log: what is below the level is not told, and the level may change meanwhile") {
    const LogToSocket journal(LogLevel::warning);
    log(LogLevel::info, "quiet");
    set_log_level(LogLevel::debug);
    log(LogLevel::debug, "loud");
    CHECK_THAT(journal.socket.receive().value_or(""), Catch::StartsWith("MESSAGE=loud\nPRIORITY=7\n"));
}

TEST_CASE("log: where there is no journal the configuration is wrong, and says what to do") {
    const auto set_up = set_up_log({LogFormat::text, LogLevel::info, LogTarget::journal}, "/nonexistent/socket");
    REQUIRE_FALSE(set_up);
    CHECK(set_up.error().code == ErrorCode::config);
    CHECK_THAT(set_up.error().remedy, Catch::Contains("stderr"));
}

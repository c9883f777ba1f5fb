#include "mailbox/server_wait.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace nixie;

TEST_CASE("server wait: read from what servers say") {
    const auto [text, expected] = GENERATE(table<std::string, long>({
        {"Request is throttled. Suggested Backoff Time: 299985 milliseconds", 300},
        {"Request is throttled. Suggested Backoff Time: 1ms", 1},
        {"Too many attempts. Try again in 5 minutes.", 300},
        {"Please wait 90 seconds", 90},
        {"retry after 2 hours, not 3", 7200},
        {"Suggested Backoff Time: 99999999999999999999 milliseconds, or 20 s", 20},
        {"Suggested Backoff Time: 999999999999999 hours", 86400},
        {"Account exceeded command or bandwidth limits. (Failure)", 3600},
        {"Too many simultaneous connections. (Failure)", 120},
        {"Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)", 120},
        {"UID FETCH Rate limit hit.", 300},
        {"Request is throttled.", 300},
    }));
    CAPTURE(text);
    const auto wait = server_wait(text);
    REQUIRE(wait);
    CHECK(wait->count() == expected);
}

TEST_CASE("server wait: most texts name none") {
    const auto text = GENERATE(as<std::string>{}, "", "try again later", "Fetch completed (0.001 + 0.000 secs).",
                               "wait 5", "5 minutes of mail", "retry 12x seconds");
    CAPTURE(text);
    CHECK_FALSE(server_wait(text));
}

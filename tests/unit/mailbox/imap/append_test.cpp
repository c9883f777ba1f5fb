#include "mailbox/imap/append.hpp"

#include <catch2/catch.hpp>

#include "mailbox/imap/dates.hpp"
#include "unit/mailbox/imap/script.hpp"

using namespace nixie;

namespace {

const Time arrived = parse_time("2026-02-01T03:04:05Z").value();

} // namespace

TEST_CASE("imap append: a literal with CR LF, flags and date") {
    const auto script = std::make_shared<ImapScript>();
    script->on("", {"", "", "", "%t OK [APPENDUID 1 2] done\r\n"});
    script->on("APPEND", {"+ go on\r\n"});
    ImapSession session(std::make_unique<ScriptedStream>(script), {});
    CHECK(append_message(session, "Bounces/a b", std::string_view("Subject: x\n\nb\0ody", 17), "\\Seen", arrived));
    CHECK(script->asked == std::vector<std::string>{R"(APPEND "Bounces/a b" (\Seen) "01-Feb-2026 03:04:05 +0000" {20})",
                                                    "Subject: x", "", "body", ""});
}

TEST_CASE("imap append: a refusal is an error") {
    const auto script = std::make_shared<ImapScript>();
    script->on("APPEND", {"%t NO [TRYCREATE] no such folder\r\n"});
    ImapSession session(std::make_unique<ScriptedStream>(script), {});
    const auto appended = append_message(session, "gone", "x\n", "", arrived);
    REQUIRE_FALSE(appended);
    CHECK(appended.error().code == ErrorCode::refused);
    CHECK_FALSE(session.broken());
}

TEST_CASE("imap dates: as RFC 3501 has them") {
    CHECK(imap_date(arrived) == "1-Feb-2026");
    CHECK(imap_date(parse_time("2026-12-31T23:59:59Z").value()) == "31-Dec-2026");
    CHECK(imap_date_time(parse_time("2026-12-31T23:59:59Z").value()) == "31-Dec-2026 23:59:59 +0000");
}

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "log/line.hpp"
#include "log/secrets.hpp"

using namespace nixie;

namespace {

constexpr Time noon{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z

std::string written(LogFormat format, std::string_view message, const std::vector<LogField>& fields,
                    LogTime time = LogTime::shown) {
    return log_line({noon, LogLevel::warning, message, fields}, format, time);
}

} // namespace

TEST_CASE("log: a line in each of its forms") {
    const std::vector<LogField> fields{
        {"mailbox", "bounces"}, {"where", "imaps://x"}, {"remedy", "try again"}, {"read", 12}};
    CHECK(written(LogFormat::text, "no login", fields) ==
          "2026-11-21T12:00:00Z warning bounces: no login where=imaps://x remedy=\"try again\" read=12");
    CHECK(
        written(LogFormat::logfmt, "no login", fields) ==
        "time=2026-11-21T12:00:00Z level=warning msg=\"no login\" mailbox=bounces where=imaps://x remedy=\"try again\" "
        "read=12");
    CHECK(nlohmann::json::parse(written(LogFormat::json, "no login", fields)) ==
          nlohmann::json{{"time", "2026-11-21T12:00:00Z"},
                         {"level", "warning"},
                         {"message", "no login"},
                         {"mailbox", "bounces"},
                         {"where", "imaps://x"},
                         {"remedy", "try again"},
                         {"read", 12}});
    CHECK(written(LogFormat::text, "no login", fields, LogTime::left_out) ==
          "warning bounces: no login where=imaps://x remedy=\"try again\" read=12");
}

TEST_CASE("log: what a server says begins no line, moves no cursor and turns no writing") {
    const auto [hostile, shown] = GENERATE(table<std::string, std::string>({
        {"a\r\n2026 error forged", "a\\r\\n2026 error forged"},
        {"\x1b[2J\x07", "\\x1b[2J\\x07"},
        {"a\x7f\xc2\x9b", "a\\x7f\\u009b"},
        {"\xe2\x80\xaegnp.exe", "\\u202egnp.exe"},
        {"\xe2\x80\xa8line", "\\u2028line"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
    }));
    CHECK(log_text(hostile) == shown);
    for (const auto format : {LogFormat::text, LogFormat::logfmt, LogFormat::json}) {
        const auto line = written(format, hostile, {{"said", hostile}});
        CHECK(std::none_of(line.begin(), line.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }));
    }
}

TEST_CASE("log: quotes and backslashes cannot end a value") {
    CHECK(written(LogFormat::logfmt, "m", {{"said", "a\" level=error x=\\"}}) ==
          "time=2026-11-21T12:00:00Z level=warning msg=m said=\"a\\\" level=error x=\\\\\"");
    CHECK(written(LogFormat::logfmt, "m", {{"said", ""}}) == "time=2026-11-21T12:00:00Z level=warning msg=m said=\"\"");
}

TEST_CASE("log: a text without end is cut") {
    const auto text = log_text(std::string(1'000'000, 'x'));
    CHECK(text.size() < 3000);
    CHECK_THAT(text, Catch::EndsWith("…"));
}

TEST_CASE("log: a guarded secret is hidden wherever it stands, a word as short as others is not") {
    guard_secret("tr0ub4dor&3");
    guard_secret("pw");
    CHECK(log_text("LOGIN bob tr0ub4dor&3 failed, tr0ub4dor&3!") == "LOGIN bob *** failed, ***!");
    CHECK(log_text("pw") == "pw");
    CHECK_THAT(journal_entry({noon, LogLevel::error, "tr0ub4dor&3", {}}), !Catch::Contains("tr0ub4dor"));
}

TEST_CASE("log: the journal gets a field for each value, one line each") {
    const std::vector<LogField> fields{{"mailbox", "bounces"}, {"next_try", noon}, {"said", "a\nPRIORITY=0"}};
    CHECK(journal_entry({noon, LogLevel::error, "no login", fields}) ==
          "MESSAGE=bounces: no login\nPRIORITY=3\nSYSLOG_IDENTIFIER=nixie\nNIXIE_MAILBOX=bounces\n"
          "NIXIE_NEXT_TRY=2026-11-21T12:00:00Z\nNIXIE_SAID=a\\nPRIORITY=0\n");
}

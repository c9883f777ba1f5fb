// Mails of nixie's own, read again with nixie's reader of mail.
#include <catch2/catch.hpp>

#include <algorithm>

#include "nixie/message.hpp"
#include "notify/compose.hpp"

using namespace nixie;

namespace {

MailHead some_head(const std::string& subject) {
    MailHead head;
    head.from = "nixie <nixie@example.org>";
    head.to = "ops@example.org";
    head.subject = subject;
    head.message_id = "1@example.org";
    head.date = Time{std::chrono::seconds{1'795'262'400}};
    return head;
}

/// Longest line, without its end; every line ends with CR LF.
std::size_t longest_line(const std::string& mail) {
    std::size_t longest = 0, begin = 0;
    for (std::size_t end; (end = mail.find('\n', begin)) != std::string::npos; begin = end + 1) {
        REQUIRE(end > 0);
        REQUIRE(mail[end - 1] == '\r');
        longest = std::max(longest, end - 1 - begin);
    }
    CHECK(begin == mail.size());
    return longest;
}

} // namespace

TEST_CASE("compose: a report is read again as it was written, whatever it holds") {
    const std::string text =
        "Bounces \xE2\x96\x88\xE2\x96\x8F of \xC3\xBC@example.org = 5 %\n.\n..two dots\nends with a blank \n" +
        std::string(3000, 'x') + "\n--=_nixie_report--\nFrom here\n";
    const std::string html = "<p>" + std::string(2000, '=') + "</p>\n";
    const std::string mail = compose_report(some_head("Bounces"), text, html);
    CHECK(std::all_of(mail.begin(), mail.end(), [](char c) { return c > 0; }));
    CHECK(longest_line(mail) <= 78);
    CHECK(mail.find("\r\n.\r\n") == std::string::npos);
    const Message message = parse_message(mail);
    CHECK(message.defects.empty());
    REQUIRE(message.parts.size() == 3);
    CHECK(message.parts[1].text == text);
    CHECK_THAT(message.parts[2].text, Catch::Contains(std::string(2000, '=')));
}

TEST_CASE("compose: the head says who, when, and that no person wrote it") {
    const Message message = parse_message(compose_report(some_head("Bounces"), "text\n", "<p>\n"));
    const Headers& headers = message.parts.at(0).headers;
    CHECK(headers.get("Date") == "Sat, 21 Nov 2026 12:00:00 +0000");
    CHECK(headers.get("From") == "nixie <nixie@example.org>");
    CHECK(headers.get("Message-ID") == "<1@example.org>");
    CHECK(headers.get("Auto-Submitted") == "auto-generated");
    CHECK(headers.get("X-Nixie-Report") == "1");
}

TEST_CASE("compose: a subject in any script is encoded, and cannot bring fields of its own") {
    std::string umlauts = "Bounces of ";
    for (int i = 0; i < 60; ++i) umlauts += "\xC3\xBC\xE6\x97\xA5";
    const std::string mail = compose_report(some_head(umlauts), "text\n", "<p>\n");
    CHECK(longest_line(mail) <= 78);
    CHECK(parse_message(mail).parts.at(0).headers.get("Subject") == umlauts);
    const Message hostile =
        parse_message(compose_report(some_head("a\r\nBcc: x@example.org\n\nbody"), "text\n", "<p>\n"));
    CHECK(hostile.parts.at(0).headers.get("Subject") == "a Bcc: x@example.org body");
    CHECK(hostile.parts.at(0).headers.find("Bcc") == nullptr);
    CHECK(encoded_subject("\xBF\xBF\xBF") == encoded_subject("\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"));
}

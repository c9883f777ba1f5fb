#include <catch2/catch.hpp>

#include "explain/explanation.hpp"

using namespace nixie;

namespace {

const Judge& judge() {
    static const Judge built_in = Judge::built_in();
    return built_in;
}
Explainer explainer() { return {judge(), Registry::built_in()}; }

const std::string bounce =
    "From: MAILER-DAEMON@mx.example.com\n"
    "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
    "--b\n\nIt did not work.\n"
    "--b\nContent-Type: message/delivery-status\n\n"
    "Reporting-MTA: dns; mx.example.com\n\n"
    "Final-Recipient: rfc822; ann@example.org\nAction: failed\nStatus: 5.2.2\n"
    "Diagnostic-Code: smtp; 552 5.2.2 the mailbox is full\n\n"
    "Final-Recipient: rfc822; bob@example.org\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 no such user here\n--b--\n";

} // namespace

TEST_CASE("line_evidence: codes are found in the midst of a line from a log") {
    const auto evidence = line_evidence("PERM_FAILURE: SMTP Error (state 8): 554 5.1.0 Sender Denied");
    CHECK(evidence.smtp_code.text == "554");
    CHECK(evidence.status.text == "5.1.0");
    CHECK(evidence.address.empty());
}

TEST_CASE("line_evidence: the words of Postfix are taken apart") {
    const auto evidence = line_evidence(
        "<ann@example.org>: host mx.example.org[192.0.2.7] said: 550 5.1.1 No such user (in reply to RCPT)");
    CHECK(evidence.address.text == "ann@example.org");
    CHECK(evidence.remote_mta.text == "mx.example.org");
    CHECK(evidence.smtp_code.text == "550");
    CHECK(evidence.diagnostic.text.find("host") == std::string::npos);
}

TEST_CASE("line_evidence: control characters and endless lines are data") {
    const auto evidence = line_evidence("550 \x1b[2J\x07 no such user " + std::string(1'000'000, 'x'));
    CHECK(evidence.diagnostic.text.find('\x1b') == std::string::npos);
    CHECK(evidence.diagnostic.text.size() < 10'000);
    CHECK(line_evidence("").diagnostic.empty());
}

TEST_CASE("failure_lines: each failure by itself, and the lines of one reply together") {
    const auto [text, lines] = GENERATE(table<std::string, std::vector<std::string>>({
        {"550 5.1.1 no such user", {"550 5.1.1 no such user"}},
        {"a: 550 5.1.1 no such user\nb: 452 4.2.2 full\n", {"a: 550 5.1.1 no such user", "b: 452 4.2.2 full"}},
        {"550-5.7.1 one\r\n550-5.7.1 two\r\n550 5.7.1 three", {"550-5.7.1 one 550-5.7.1 two 550 5.7.1 three"}},
        {"<a@example.org>: host mx said:\n    550 5.1.1 no such\n    user",
         {"<a@example.org>: host mx said: 550 5.1.1 no such user"}},
        {"To: a\n\nBecause: it broke", {"To: a Because: it broke"}},
        {"", {""}},
    }));
    INFO(text);
    CHECK(failure_lines(text) == lines);
}

TEST_CASE("failure_lines: a log of any length costs so much and no more") {
    std::string log;
    for (int i = 0; i < 5000; ++i) log += "user" + std::to_string(i) + ": 550 5.1.1 no such user\n";
    const auto lines = failure_lines(log);
    CHECK(lines.size() == 1000);
    for (const auto& line : lines) CHECK(line.size() < 5000);
}

TEST_CASE("explain: a pasted line gets a verdict, its rule and its codes") {
    const auto explanation = explainer().of_lines("PERM_FAILURE: SMTP Error (state 8): 554 5.1.0 Sender Denied");
    REQUIRE(explanation.recipients.size() == 1);
    const auto& line = explanation.recipients.front();
    CHECK(name(line.rules.front().verdict.reason) == "rejected");
    CHECK_THAT(line.rules.front().where, Catch::StartsWith("conf/rules/"));
    CHECK(line.rules.size() > 1);
    for (const auto& other : line.rules) CHECK_FALSE(other.where.empty());
    REQUIRE(line.codes.size() == 2);
    CHECK(line.codes[0].code == "5.1.0");
    CHECK(line.codes[1].code == "554");
}

TEST_CASE("explain: bare codes are looked up and judged alone") {
    const auto explanation = explainer().of_codes({"550", "5.7.606"});
    const auto& codes = explanation.recipients.front();
    CHECK(codes.rules.front().verdict.rule == "status.microsoft-blocked");
    REQUIRE(codes.codes.size() == 2);
    CHECK(codes.codes[0].of_code == nullptr);
    const auto any_class = explainer().of_codes({"", "X.1.1"});
    CHECK(any_class.recipients.front().codes[0].of_code != nullptr);
    CHECK(any_class.recipients.front().codes[0].of_class == nullptr);
}

TEST_CASE("explain: each recipient of a message is explained, with the part and the line") {
    const auto explanation = explainer().of_text(bounce);
    CHECK(explanation.of == Explanation::Of::message);
    REQUIRE(explanation.recipients.size() == 2);
    const auto& ann = explanation.recipients[0].rules.front().verdict;
    CHECK(name(ann.reason) == "mailbox-full");
    REQUIRE(ann.place.part >= 0);
    CHECK(explanation.part_types[static_cast<std::size_t>(ann.place.part)] == "message/delivery-status");
    CHECK(ann.place.line == 6);
    CHECK(name(explanation.recipients[1].rules.front().verdict.reason) == "user-unknown");
}

TEST_CASE("explain: what is no message is a line, what is mail is a message") {
    CHECK(explainer().of_text("status=deferred: 452 4.2.2 Mailbox full\n").of == Explanation::Of::lines);
    CHECK(explainer().of_text("").of == Explanation::Of::lines);
    CHECK(explainer().of_text("<a@example.org>: host mx.example.org said: 550 5.1.1 no such user").of ==
          Explanation::Of::lines);
    const std::string body = "This is the mail system at host mx.example.com.\n\n<a@example.org>: unknown user\n";
    CHECK(explainer().of_text(body).of == Explanation::Of::message);
    const auto letter = explainer().of_text("From: ann@example.org\nSubject: lunch\n\nAt noon?\n");
    CHECK(letter.of == Explanation::Of::message);
    CHECK(letter.report.kind == Kind::other);
    CHECK(letter.recipients.empty());
}

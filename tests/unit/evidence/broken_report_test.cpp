// Reports whose fields or parts are not as they should be.
#include <catch2/catch.hpp>

#include <string>

#include "evidence/fields.hpp"
#include "nixie/message.hpp"
#include "nixie/report.hpp"

using namespace nixie;

namespace {

Report read_broken(const std::string& bytes) {
    static const Formats formats = Formats::built_in();
    return read_report(parse_message(bytes), formats);
}

const std::string fields =
    "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; user@example.org\nAction: failed\nStatus: 5.1.1\n"
    "Diagnostic-Code: smtp; 550 5.1.1 nobody of that name\n";

/// A report whose second part has that header and body.
std::string with_part(const std::string& header, const std::string& body) {
    return "From: MAILER-DAEMON@mx.example.com\nTo: sender@example.com\nSubject: Undelivered Mail Returned to Sender\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nIt went wrong.\n--b\n" +
           header + "\n" + body + "\n--b--\n";
}

} // namespace

TEST_CASE("broken reports: the fields are read whatever their part is called or coded") {
    const auto bytes = GENERATE_COPY(
        with_part("Content-Type: message/delivery-status\n", fields),
        with_part("Content-Type: message/global-delivery-status; charset=utf-8\n", fields),
        with_part("Content-Type: text/plain\n", fields),
        with_part("Content-Type: text/plain; name=\"details.txt\"\nContent-Disposition: attachment\n", fields),
        with_part("Content-Type: application/octet-stream; name=\"ATT00001.dat\"\n", fields),
        with_part(
            "Content-Type: message/delivery-status\nContent-Transfer-Encoding: base64\n",
            "UmVwb3J0aW5nLU1UQTogZG5zOyBteC5leGFtcGxlLmNvbQoKRmluYWwtUmVjaXBpZW50OiByZmM4MjI7IHVzZXJAZXhhbXBsZS5v\n"
            "cmcKQWN0aW9uOiBmYWlsZWQKU3RhdHVzOiA1LjEuMQpEaWFnbm9zdGljLUNvZGU6IHNtdHA7IDU1MCA1LjEuMSBub2JvZHkgb2Yg\n"
            "dGhhdCBuYW1lCg==\n"),
        with_part("Content-Type: message/delivery-status\nContent-Transfer-Encoding: quoted-printable\n",
                  "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; user=40example.org\nAction: failed\n"
                  "Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 nobody of=\n that name\n"),
        // all on one line
        with_part("Content-Type: message/delivery-status\n",
                  "Reporting-MTA: dns; mx.example.com Final-Recipient: rfc822; user@example.org Action: failed Status: "
                  "5.1.1 Diagnostic-Code: smtp; 550 5.1.1 nobody of that name"));
    INFO(bytes);
    const Report report = read_broken(bytes);
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
    CHECK(report.recipients[0].action.text == "failed");
    CHECK(report.recipients[0].status.text == "5.1.1");
    CHECK(report.recipients[0].diagnostic.text == "550 5.1.1 nobody of that name");
    CHECK(report.reporting_mta == "mx.example.com");
}

TEST_CASE("broken reports: no boundary, no final boundary, the wrong boundary") {
    const auto whole = with_part("Content-Type: message/delivery-status\n", fields);
    auto no_end = whole;
    no_end.erase(no_end.rfind("--b--"));
    auto no_boundary = whole;
    no_boundary.erase(no_boundary.find("; boundary=b"), 12);
    auto wrong = whole;
    wrong.replace(wrong.find("boundary=b"), 10, "boundary=x");
    const auto bytes = GENERATE_COPY(no_end, no_boundary, wrong);
    INFO(bytes);
    const Report report = read_broken(bytes);
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
    CHECK(report.recipients[0].diagnostic.text.find("nobody of that name") != std::string::npos);
}

TEST_CASE("broken reports: a reply of several lines is completed from the transcript") {
    const Report report = read_broken(
        "From: MAILER-DAEMON@mx.example.com\nSubject: Returned mail: see transcript for details\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\n"
        "   ----- The following addresses had permanent fatal errors -----\n<user@example.org>\n"
        "    (reason: 550-5.7.1 This letter came without a)\n\n   ----- Transcript of session follows -----\n"
        "... while talking to mail.example.org.:\n>>> DATA\n<<< 550-5.7.1 This letter came without a\n"
        "<<< 550 5.7.1 signature\n554 5.0.0 Service unavailable\n--b\nContent-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: RFC822; user@example.org\nAction: failed\n"
        "Status: 5.7.1\nDiagnostic-Code: SMTP; 550-5.7.1 This letter came without a\n--b--\n");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].diagnostic.text == "550-5.7.1 This letter came without a 550 5.7.1 signature");
}

TEST_CASE("starts_fields: the first line decides") {
    CHECK(starts_fields("\n\nReporting-MTA: dns; mx.example.com\n"));
    CHECK(starts_fields("Final-Recipient: rfc822; user@example.org"));
    CHECK_FALSE(starts_fields("Dear sender,\nReporting-MTA: dns; mx.example.com\n"));
    CHECK_FALSE(starts_fields(""));
}

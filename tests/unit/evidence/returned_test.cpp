#include <catch2/catch.hpp>

#include "nixie/report.hpp"

using namespace nixie;

namespace {

const std::string original = "From: news@example.com\r\nSubject: News\r\n\r\nHello,\r\n\r\n--no boundary\r\nbye";

/// A report whose third part is `returned`, of type `type`.
std::string report(const std::string& type, const std::string& returned, const std::string& end = "\r\n--b--\r\n") {
    return "From: MAILER-DAEMON@example.org\r\nMIME-Version: 1.0\r\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry.\r\n--b\r\n"
           "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
           "Final-Recipient: rfc822; ann@example.org\r\nAction: failed\r\nStatus: 4.2.2\r\n\r\n--b\r\nContent-Type: " +
           type + "\r\n\r\n" + returned + end;
}

} // namespace

TEST_CASE("returned message: it is taken byte for byte") {
    CHECK(returned_message(report("message/rfc822", original)) == original);
    const std::string nested =
        "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n"
        "--c\r\nContent-Type: message/rfc822\r\n\r\nFrom: b@example.com\r\n\r\ny\r\n--c--\r\n";
    CHECK(returned_message(report("message/rfc822", nested)) == nested);
}

TEST_CASE("returned message: headers alone, a piece, or what was mended is not the whole") {
    const auto cut = report("message/rfc822", original);
    const std::string open = "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n";
    const auto bytes = GENERATE_COPY(values<std::string>(
        {report("text/rfc822-headers", original), report("message/rfc822", "From: a@example.com\r\nSubject: x\r\n\r\n"),
         report("message/rfc822", original, ""), report("message/rfc822", open),
         report("message/rfc822", original + std::string(1, '\0')),
         report("message/rfc822\r\nContent-Transfer-Encoding: base64", "RnJvbTogYUBiCgpoaQo="),
         "From: a@example.org\r\n\r\nhello\r\n"}));
    CAPTURE(bytes);
    CHECK_FALSE(returned_message(bytes));
    Limits limits;
    limits.bytes = cut.size() - 1;
    CHECK_FALSE(returned_message(cut, limits));
}

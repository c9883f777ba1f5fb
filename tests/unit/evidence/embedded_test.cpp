// Reports within other messages: forwarded, quoted, pasted.
#include <catch2/catch.hpp>

#include <string>

#include "nixie/message.hpp"
#include "nixie/report.hpp"

using namespace nixie;

namespace {

Report read_embedding(const std::string& bytes) {
    static const Formats formats = Formats::built_in();
    return read_report(parse_message(bytes), formats);
}

const std::string letter =
    "This is the mail system at host mx.example.com.\n\n"
    "I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.\n\n"
    "<user@example.org>: host mail.example.org[192.0.2.7] said: 550 5.1.1\n    nobody of that name (in reply to RCPT "
    "TO command)\n";

const std::string report_header =
    "From: Mail Delivery System <MAILER-DAEMON@mx.example.com>\nTo: sender@example.com\n"
    "Subject: Undelivered Mail Returned to Sender\n";

std::string quoted(const std::string& text) {
    std::string out;
    bool begins = true;
    for (const char c : text) {
        if (begins) out += c == '\n' ? ">" : "> ";
        out += c;
        begins = c == '\n';
    }
    return out;
}

} // namespace

TEST_CASE("embedded reports: however it was passed on, the recipient is the report's") {
    const std::string frame = "From: Helper <help@example.com>\nTo: admin@example.com\nSubject: Fwd: look at this\n";
    const auto bytes = GENERATE_COPY(
        // pasted without headers
        frame + "\n" + letter, frame + "\nWhat is this?\n\n" + letter,
        // quoted
        frame + "\nWhat is this? Ask boss@example.com\n\n" + quoted(letter),
        frame + "\nWhat is this?\n\n> " + quoted(quoted(letter)),
        // with its header lines
        frame + "\nBegin forwarded message:\n\n" + quoted(report_header + "\n" + letter),
        frame + "\nFYI\n\n-----Original Message-----\n" + report_header + "\n" + letter,
        frame + "\n-----Original Message-----\n" + report_header + "\n" + letter,
        frame + "\n---------- Forwarded message ---------\n" + report_header + "\n" + letter,
        frame +
            "\nFYI\n\n-------- Weitergeleitete Nachricht --------\nVon: Mail Delivery System "
            "<MAILER-DAEMON@mx.example.com>\nAn: sender@example.com\nBetreff: Undelivered Mail\n\n" +
            letter,
        // attached
        frame +
            "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nWhat is this? Ask boss@example.com\n--b\n"
            "Content-Type: message/rfc822\n\n" +
            report_header + "\n" + letter + "--b--\n");
    INFO(bytes);
    const Report report = read_embedding(bytes);
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
    CHECK(report.recipients[0].status.text == "5.1.1");
    CHECK(report.format == "postfix");
}

TEST_CASE("embedded reports: a subject that says bounce does not make the forwarder's words its recipients") {
    const Report report = read_embedding(
        "From: Helper <help@example.com>\nSubject: Fwd: Undelivered Mail Returned to Sender\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nThis could not be delivered, ask "
        "boss@example.com\n--b\nContent-Type: message/rfc822\n\n" +
        report_header + "\n" + letter + "--b--\n");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
}

TEST_CASE("embedded reports: an answer that quotes a report is ordinary mail") {
    const Report report = read_embedding(
        "From: Helper <help@example.com>\nSubject: Re: your bounce\nIn-Reply-To: "
        "<1@example.com>\n\nThat address is wrong.\n\n" +
        quoted(letter));
    CHECK(report.kind == Kind::other);
    CHECK(report.recipients.empty());
}

TEST_CASE("embedded reports: ordinary forwarded mail stays ordinary") {
    const Report report = read_embedding(
        "From: a@example.com\nSubject: Fwd: lunch\n\n-----Original Message-----\n"
        "From: b@example.com\nTo: a@example.com\nSubject: lunch\n\nSee you at noon.\n");
    CHECK(report.kind == Kind::other);
    CHECK(report.recipients.empty());
}

TEST_CASE("embedded reports: a report within a report that names nobody") {
    const Report report = read_embedding(
        "From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\n\n"
        "The letter below could not be handed over.\n\n---------------------------------\n"
        "Return-Path: <>\n" +
        report_header +
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSee below.\n--b\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.net\n\n"
        "Final-Recipient: rfc822; user@example.org\nAction: failed\nStatus: 5.1.1\n\n--b--\n");
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
    CHECK(report.recipients[0].address.source == Source::dsn_field);
}

TEST_CASE("loose reports: the reporting host's own people are not the failed recipients") {
    const std::string header = "From: MAILER-DAEMON@mx.example.net\nSubject: Undeliverable mail\n\n";
    const Report helped = read_embedding(header +
                                         "Your message to user@example.org could not be delivered.\n\n"
                                         "Mail server of example.net <root@example.net>\n");
    REQUIRE(helped.recipients.size() == 1);
    CHECK(helped.recipients[0].address.text == "user@example.org");
    const Report local = read_embedding(header + "Your message to root@example.net could not be delivered.\n");
    REQUIRE(local.recipients.size() == 1);
    CHECK(local.recipients[0].address.text == "root@example.net");
}

#include <catch2/catch.hpp>

#include <string>

#include "nixie/message.hpp"
#include "nixie/report.hpp"

using namespace nixie;

namespace {

Report read(const std::string& bytes, const Limits& limits = {}) {
    static const Formats formats = Formats::built_in();
    return read_report(parse_message(bytes, limits), formats);
}

/// A multipart/report whose second part holds `fields`.
std::string delivery_report(const std::string& fields, const std::string& prose = "See below.\n") {
    return "From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
           "--b\n\n" +
           prose + "\n--b\nContent-Type: message/delivery-status\n\n" + fields +
           "\n--b\nContent-Type: message/rfc822\n\n"
           "Message-ID: <1@example.com>\nFrom: News <news@example.com>\nTo: user@example.org\nSubject: hello\n"
           "X-Campaign: spring\n\nbody\n--b--\n";
}

} // namespace

TEST_CASE("read_report: fields of RFC 3464 give recipient, status, code and reason") {
    const Report report =
        read(delivery_report("Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; User@Example.ORG\n"
                             "Action: failed\nStatus: 5.1.1\nRemote-MTA: dns; mail.example.org\n"
                             "Diagnostic-Code: smtp; 550 5.1.1 no such\n    person\n"));
    CHECK(report.kind == Kind::bounce);
    CHECK(report.ground == "action failed");
    CHECK(report.reporting_mta == "mx.example.com");
    REQUIRE(report.recipients.size() == 1);
    const auto& recipient = report.recipients[0];
    CHECK(recipient.address.text == "User@example.org");
    CHECK(recipient.address.source == Source::dsn_field);
    CHECK(recipient.address.place.part == 2);
    CHECK(recipient.address.place.line == 3);
    CHECK(recipient.status.text == "5.1.1");
    CHECK(recipient.smtp_code.text == "550");
    CHECK(recipient.diagnostic.text == "550 5.1.1 no such person");
    CHECK(recipient.remote_mta.text == "mail.example.org");
}

TEST_CASE("read_report: the returned message tells what was sent") {
    const Original original =
        read(delivery_report("Final-Recipient: rfc822; user@example.org\nAction: failed\n")).original;
    CHECK(original.message_id == "1@example.com");
    CHECK(original.subject == "hello");
    CHECK(original.from == "news@example.com");
    CHECK(original.to == "user@example.org");
    CHECK(original.campaign == "spring");
}

TEST_CASE("read_report: the action decides the kind, and one failure makes a bounce") {
    const auto [actions, kind] = GENERATE(table<std::vector<std::string>, Kind>({
        {{"failed"}, Kind::bounce},
        {{"delayed"}, Kind::delayed},
        {{"delivered"}, Kind::delivered},
        {{"relayed"}, Kind::delivered},
        {{"expanded", "delayed"}, Kind::delayed},
        {{"delivered", "FAILED (really)"}, Kind::bounce},
    }));
    std::string fields;
    for (std::size_t i = 0; i < actions.size(); ++i)
        fields += "\nFinal-Recipient: rfc822; user" + std::to_string(i) + "@example.org\nAction: " + actions[i] + "\n";
    const Report report = read(delivery_report(fields));
    CHECK(report.kind == kind);
    CHECK(report.recipients.size() == actions.size());
}

TEST_CASE("read_report: prose completes what the fields lack") {
    const Report report =
        read(delivery_report("Final-Recipient: rfc822; user@example.org\nAction: failed\nStatus: 5.0.0\n",
                             "This is the mail system at host mx.example.com.\n\n"
                             "<user@example.org>: host mail.example.org[192.0.2.7] said: 552 5.2.2 too full\n"));
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].status.text == "5.2.2");
    CHECK(report.recipients[0].status.source == Source::format);
    CHECK(report.recipients[0].smtp_code.text == "552");
    CHECK(report.format == "postfix");
}

TEST_CASE("read_report: fields pasted into the text count, also all on one line") {
    const auto text = GENERATE(
        as<std::string>{},
        "Final-Recipient: rfc822; user@example.org\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no\n",
        "It says Final-Recipient: rfc822; user@example.org Action: failed Status: 5.1.1 Diagnostic-Code: smtp; 550 "
        "no\n");
    const Report report = read("From: a@example.com\nTo: b@example.com\nSubject: help\n\nHello,\n" + text);
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
    CHECK(report.recipients[0].status.text == "5.1.1");
    CHECK(report.recipients[0].smtp_code.text == "550");
}

TEST_CASE("read_report: kinds that are no bounce") {
    const auto [bytes, kind] = GENERATE(table<std::string, Kind>({
        {"From: a@example.com\nSubject: Lunch?\n\nAt noon.\n", Kind::other},
        {"From: a@example.com\nSubject: Re: hello\nAuto-Submitted: auto-replied\n\nI am away.\n", Kind::auto_reply},
        {"From: a@example.com\nSubject: Abwesenheitsnotiz: hello\n\nBin weg.\n", Kind::auto_reply},
        {"From: a@example.com\nSubject: Please confirm your message\n\nClick.\n", Kind::challenge},
        {"From: a@example.com\nContent-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
         "--b\n\nRead.\n--b\nContent-Type: message/disposition-notification\n\n"
         "Final-Recipient: rfc822; user@example.org\nDisposition: manual-action/MDN-sent-manually; displayed\n--b--\n",
         Kind::receipt},
        {"From: noreply@example.com\nSubject: Report Domain: example.org Submitter: example.com\n\n", Kind::other},
        {"From: MAILER-DAEMON@example.com\nSubject: hm\n\nNothing to see.\n", Kind::unrecognised},
    }));
    INFO(bytes);
    CHECK(read(bytes).kind == kind);
}

TEST_CASE("read_report: ordinary mail stays ordinary, whatever it talks about") {
    const auto bytes = GENERATE(
        as<std::string>{},
        "From: shop@example.com\nSubject: Delivery notification: your parcel\n\nIt goes to user@example.org today.\n",
        "From: a@example.com\nSubject: question\n\nMy mail to bob@example.org came back with 550 5.1.1, why?\n",
        "From: a@example.com\nSubject: I'm on it\n\nWe will try.\n",
        "From: a@example.com\nSubject: hallo\n\nIch konnte dich nicht erreichen.\n\ninfo@example.org\n",
        "From: list@example.com\nSubject: Please confirm your subscription\n\nFollow the link to confirm your "
        "address.\n",
        "From: a@example.com\nSubject: hello\n\nHi. This is Bob.\nbob@example.org: my new address\n");
    INFO(bytes);
    CHECK(read(bytes).kind == Kind::other);
}

TEST_CASE("read_report: an empty return path alone is no bounce") {
    const Report report =
        read("Return-Path: <>\nFrom: a@example.com\nSubject: moved\n\nI moved, write to bob@example.org\n");
    CHECK(report.kind == Kind::unrecognised);
    CHECK(report.recipients.empty());
}

TEST_CASE("read_report: a report that somebody forwards whole is read") {
    const Report report = read(
        "From: a@example.com\nSubject: Fwd: look\nContent-Type: multipart/mixed; boundary=o\n\n"
        "--o\n\nWhat is that?\n--o\nContent-Type: message/rfc822\n\n" +
        delivery_report("Final-Recipient: rfc822; user@example.org\nAction: failed\n") + "\n--o--\n");
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
    CHECK(report.original.subject == "hello");
}

TEST_CASE("read_report: the address that the recipient was expanded from is kept") {
    const auto prose = GENERATE(
        as<std::string>{},
        "This is the mail system at host mx.example.com.\n\n<user@example.org> (expanded from <alias@example.com>): no "
        "room\n",
        "   ----- The following addresses had permanent fatal errors -----\n<user@example.org>\n    (reason: no room)\n"
        "    (expanded from: <alias@example.com>)\n",
        "This message was created automatically by mail delivery software.\nThe following address(es) failed:\n\n"
        "  user@example.org\n    (generated from alias@example.com)\n    no room\n");
    INFO(prose);
    const Report report = read("From: MAILER-DAEMON@example.com\n\n" + prose);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
    CHECK(report.recipients[0].original_address.text == "alias@example.com");
    CHECK(report.recipients[0].diagnostic.text == "no room");
}

TEST_CASE("read_report: who it is about, where no text tells") {
    const auto [headers, address, source] = GENERATE(table<std::string, std::string, Source>({
        {"X-Failed-Recipients: user@example.org\n", "user@example.org", Source::header},
        {"To: bounces+user=example.org@example.com\n", "user@example.org", Source::verp},
    }));
    const Report report = read("From: MAILER-DAEMON@example.com\nSubject: failure notice\n" + headers + "\nAlas.\n");
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == address);
    CHECK(report.recipients[0].address.source == source);
    CHECK(report.recipients[0].diagnostic.text == "Alas.");
}

TEST_CASE("read_report: the returned message within the text is read and is no part of the report") {
    const Report report = read(
        "From: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at mx.example.com.\n\n<user@example.org>:\nno room\n\n"
        "--- Below this line is a copy of the message.\n\n"
        "Return-Path: <news@example.com>\nSubject: =?utf-8?Q?gr=C3=BCn?=\nMessage-ID: <7@example.com>\n"
        "To: user@example.org\n\n<other@example.org>: 550 no\n");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].diagnostic.text == "no room");
    CHECK(report.original.subject == "gr\xC3\xBCn");
    CHECK(report.original.message_id == "7@example.com");
}

TEST_CASE("read_report: a feedback report is a complaint of its type") {
    const Report report = read(
        "From: fbl@example.com\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        "--b\n\nSpam!\n--b\nContent-Type: message/feedback-report\n\n"
        "Feedback-Type: Abuse\nUser-Agent: x/1\nVersion: 1\nOriginal-Rcpt-To: <user@example.org>\n--b--\n");
    CHECK(report.kind == Kind::complaint);
    CHECK(report.feedback_type == "abuse");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
}

TEST_CASE("read_report: a bounce that calls itself an automatic reply is a bounce") {
    CHECK(read("From: Mail Delivery System <Mailer-Daemon@example.com>\nAuto-Submitted: auto-replied\n"
               "Subject: Mail delivery failed\nX-Failed-Recipients: user@example.org\n\n"
               "This message was created automatically by mail delivery software.\n\n"
               "A message that you sent could not be delivered to one or more of its\n"
               "recipients. The following address(es) failed:\n\n  user@example.org\n    no mailbox here\n")
              .kind == Kind::bounce);
}

TEST_CASE("read_report: a report that brings a program of its own is suspicious") {
    const auto [filename, kind] = GENERATE(table<std::string, Kind>({
        {"details.exe", Kind::suspicious},
        {"letter.zip", Kind::suspicious},
        {"letter.txt", Kind::unrecognised},
    }));
    CHECK(read("From: MAILER-DAEMON@example.com\nSubject: Returned mail\n"
               "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the attachment.\n"
               "--b\nContent-Type: application/octet-stream\nContent-Disposition: attachment; filename=" +
               filename + "\n\nMZ\n--b--\n")
              .kind == kind);
}

TEST_CASE("read_report: an odd block costs the others nothing") {
    const Report report =
        read(delivery_report("Final-Recipient: rfc822; one@example.org\nAction: failed\nStatus: 5.1.1\n\n"
                             "Final-Recipient: ;;;\nAction\nStatus: five\n: :\n\n\n"
                             "Final-Recipient: two@example.org\n\nAction: failed\n\nStatus: 4.2.2 (full)\n"
                             "Final-Recipient: rfc822;<three@example.org>\nAction: failed\n"));
    REQUIRE(report.recipients.size() == 3);
    CHECK(report.recipients[0].status.text == "5.1.1");
    CHECK(report.recipients[1].address.text == "two@example.org");
    CHECK(report.recipients[1].status.text == "4.2.2");
    CHECK(report.recipients[2].address.text == "three@example.org");
}

TEST_CASE("read_report: a flood of recipients is capped and noted") {
    std::string fields;
    for (int i = 0; i < 100'000; ++i)
        fields += "Final-Recipient: rfc822; u" + std::to_string(i) + "@example.org\nAction: failed\n\n";
    const Report report = read(delivery_report(fields), {.bytes = 32 * 1024 * 1024});
    CHECK(report.recipients.size() == 10'000);
    CHECK(report.defects == std::vector<std::string>{"too-many-recipients"});
}

TEST_CASE("read_report: unterminated and empty things are read without harm") {
    const auto bytes =
        GENERATE(as<std::string>{}, "", "\n\n", "Content-Type: multipart/report; report-type=delivery-status\n\n",
                 "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: "
                 "message/delivery-status\n\n"
                 "Final-Recipient:",
                 "From: MAILER-DAEMON\n\n<<<<@@@@>>>>: \"\"\"\n550 <@>...<a@>: \xff\xfe\n",
                 "X-Failed-Recipients: \"unterminated@example.org\n\n");
    const auto recipients = read(bytes).recipients;
    for (const auto& recipient : recipients)
        CHECK((!recipient.address.empty() || (recipients.size() == 1 && !recipient.smtp_code.empty())));
}

TEST_CASE("read_report: a report that names nobody still says why") {
    const Report report = read(
        "From: MAILER-DAEMON@mx.example.com\nSubject: failure notice\n\n"
        "Your letter was refused:\n550 5.7.1 no letters on Sundays\n");
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.empty());
    CHECK(report.recipients[0].status.text == "5.7.1");
    CHECK(report.recipients[0].diagnostic.text == "Your letter was refused: 550 5.7.1 no letters on Sundays");
}

TEST_CASE("read_report: text that was pasted without any message around it") {
    const Report report = read("PERM_FAILURE: SMTP Error (state 8): 554 5.1.0 Sender Denied");
    CHECK(report.kind == Kind::bounce);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].status.text == "5.1.0");
    CHECK(report.recipients[0].smtp_code.text == "554");
    CHECK(read("hello world\n").kind == Kind::other);
    CHECK(read("note: the sun is out\n").kind == Kind::other);
}

TEST_CASE("read_report: the command that was answered is read from fields, prose and transcripts") {
    const std::string fields =
        "Final-Recipient: rfc822; user@example.org\nAction: failed\nStatus: 5.0.0\n"
        "Diagnostic-Code: smtp; 550 no\n";
    const auto [prose, command] = GENERATE(table<std::string, std::string>({
        {"This is the mail system at host mx.example.com.\n\n<user@example.org>: host mail.example.org[192.0.2.1] "
         "said:\n"
         "    550 no (in reply to end of DATA\n    command)\n",
         "DATA"},
        {"This is the mail system at host mx.example.com.\n\n<user@example.org>: host mail.example.org[192.0.2.1] "
         "said:\n"
         "    550 no (in reply to RCPT TO command)\n",
         "RCPT"},
        {">>> RCPT To:<user@example.org>\n<<< 550 no\n", "RCPT"},
        {"It was refused.\n", ""},
    }));
    INFO(prose);
    const Report report = read(delivery_report(fields, prose));
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].command.text == command);
}

TEST_CASE("read_report: a format may say which command its reports answer") {
    const Report report = read(
        "From: MAILER-DAEMON@mx.example.com\nSubject: Returned\n\n"
        "---The following addresses had delivery errors---\n\nuser@example.org [Gone to sea]\n");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].command.text == "DATA");
}

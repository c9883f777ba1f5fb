// What a message is taken for, where several signs contradict each other.
#include <catch2/catch.hpp>

#include "nixie/message.hpp"
#include "nixie/report.hpp"

using namespace nixie;

namespace {

Report read(const std::string& bytes) {
    static const Formats formats = Formats::built_in();
    return read_report(parse_message(bytes), formats);
}

} // namespace

TEST_CASE("kind: automatic answers in many languages") {
    const auto subject = GENERATE(as<std::string>{}, "Automatic reply: x", "AW: Abwesenheitsnotiz: x",
                                  "R\xC3\xA9ponse automatique : x", "Fuera de la oficina: x", "Risposta automatica: x",
                                  "Re: Out of Office", "Auto-Reply: x", "x (auto-reply)");
    INFO(subject);
    const Report report = read("From: User <user@example.org>\nSubject: " + subject + "\n\nI am away.\n");
    CHECK(report.kind == Kind::auto_reply);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
}

TEST_CASE("kind: a header of an automatic answer is enough") {
    const auto header = GENERATE(as<std::string>{}, "Auto-Submitted: auto-replied", "X-Autoreply: yes",
                                 "X-Autorespond: hello", "Precedence: auto_reply");
    CHECK(read("From: user@example.org\nReturn-Path: <>\nSubject: hello\n" + header + "\n\nGone fishing.\n").kind ==
          Kind::auto_reply);
}

TEST_CASE("kind: a delivery report is no automatic answer, even if unreadable") {
    CHECK(read("From: MAILER-DAEMON@example.com\nAuto-Submitted: auto-replied\nSubject: x\n\nHm.\n").kind ==
          Kind::unrecognised);
}

TEST_CASE("kind: phrases that say that delivery is still tried") {
    const auto [subject, text] = GENERATE(table<std::string, std::string>({
        {"Warning: could not send message for past 4 hours", "<user@example.org>: 451 later"},
        {"Delivery Status Notification (Delay)", "<user@example.org>: 451 later"},
        {"Undelivered mail", "THIS IS A WARNING MESSAGE ONLY.\n\n<user@example.org>: 451 later"},
    }));
    CHECK(read("From: MAILER-DAEMON@example.com\nSubject: " + subject + "\n\n" + text + "\n").kind == Kind::delayed);
}

TEST_CASE("kind: complaints without a machine-readable part") {
    const Report report = read(
        "From: staff@hotmail.com\nSubject: complaint about message from 192.0.2.1\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        "X-HmXmrOriginalRecipient: user@example.org\nSubject: hello\n\nbody\n--b--\n");
    CHECK(report.kind == Kind::complaint);
    CHECK(report.feedback_type == "abuse");
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "user@example.org");
}

TEST_CASE("kind: reports about domains are nobody's bounce") {
    CHECK(read("From: postmaster@example.com\nSubject: r\n"
               "Content-Type: multipart/report; report-type=tlsrpt; boundary=b\n\n--b\n\nx\n--b--\n")
              .kind == Kind::other);
}

TEST_CASE("kind: a program within the returned message is not the report's own") {
    CHECK(read("From: MAILER-DAEMON@example.com\nSubject: Returned mail\n"
               "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n<user@example.org>: 550 5.7.0 no programs\n"
               "--b\nContent-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=c\n\n--c\n"
               "Content-Type: application/octet-stream; name=x.exe\n\nMZ\n--c--\n\n--b--\n")
              .kind == Kind::bounce);
}

TEST_CASE("kind: a phrase of an automatic answer within a report stays a bounce") {
    const auto text = GENERATE(as<std::string>{}, "I am out of the office until Monday.",
                               "Is being held until the list moderator can review it for approval.",
                               "Please verify that you are a real person.");
    INFO(text);
    CHECK(read("From: admin@example.com\nSubject: Undeliverable: hello\n\n"
               "Your message could not be delivered to the following recipient:\n\n<user@example.org>\n\n" +
               text + "\n")
              .kind == Kind::bounce);
}

TEST_CASE("kind: wording may be wrapped anywhere") {
    CHECK(read("From: user@example.org\nSubject: hello\n\nI am\ncurrently out\nof the office until Monday.\n").kind ==
          Kind::auto_reply);
}

TEST_CASE("kind: an answer with an empty return path was made by a program") {
    const std::string answer = "Return-Path: <>\nFrom: user@example.org\nSubject: Re: hello\n";
    CHECK(read(answer + "In-Reply-To: <1@mail.example.net>\n\nGone fishing.\n").kind == Kind::auto_reply);
    CHECK(read(answer + "\nGone fishing.\n").kind == Kind::unrecognised);
}

TEST_CASE("kind: a look-alike's wording in a report that holds a reply or the returned message") {
    const std::string head = "From: MAILER-DAEMON@example.com\nSubject: Returned mail\n\n";
    const std::string lure = "You have 7 undelivered messages.\nClick below to release your messages.\n";
    CHECK(read(head + lure).kind == Kind::suspicious);
    CHECK(read(head + lure + "\n<user@example.org>: 550 5.1.1 no such user\n").kind == Kind::bounce);
    CHECK(read(head + lure + "\n<user@example.org>: unknown\n\n--- Original message ---\nSubject: x\n").kind ==
          Kind::bounce);
}

TEST_CASE("kind: a report named after its recipient carries no program") {
    CHECK(read("From: MAILER-DAEMON@example.com\nSubject: Returned mail\n"
               "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n<user@example.com>: 550 5.1.1 no such user\n"
               "--b\nContent-Type: text/rfc822-headers; name=\"user@example.com\"\n\nSubject: x\n\n--b--\n")
              .kind == Kind::bounce);
}

TEST_CASE("kind: reports about domains, whoever sends them") {
    const auto name = GENERATE(as<std::string>{}, "example.com!example.org!1700000000!1700086399.zip",
                               "example.com!example.org!1700000000!1700086399!1.xml.gz",
                               "example.com!example.org!1700000000!1700086399.json.gz");
    INFO(name);
    CHECK(read("From: MAILER-DAEMON@example.com\nSubject: report\nContent-Type: application/gzip; name=\"" + name +
               "\"\n\nx\n")
              .kind == Kind::other);
}

TEST_CASE("kind: a postmaster's own automatic answer") {
    const std::string head = "From: postmaster@example.com\nAuto-Submitted: auto-replied\n";
    CHECK(read(head + "Subject: Out of Office: hello\n\nBack on Monday.\n").kind == Kind::auto_reply);
    CHECK(read(head + "Subject: Out of Office: hello\n\n<user@example.org>: 550 5.1.1 no such user\n").kind ==
          Kind::bounce);
    CHECK(read(head + "Subject: hello\n\nBack on Monday.\n").kind == Kind::unrecognised);
}

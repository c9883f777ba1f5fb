#include "nixie/attribution.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

ReturnPathShape shape_of(std::string_view text) { return ReturnPathShape::parse(text).value(); }

Report read(const std::string& bytes, const Attribution& attribution) {
    static const Formats formats = Formats::built_in();
    return read_report(parse_message(bytes), formats, attribution);
}

/// A report by fields that came to an address of ours.
std::string report_to(const std::string& address, const std::string& recipients, const std::string& returned = {}) {
    return "From: MAILER-DAEMON@mx.example.net\nTo: " + address +
           "\nSubject: Undelivered\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
           "--b\n\nNot delivered.\n--b\nContent-Type: message/delivery-status\n\n"
           "Reporting-MTA: dns; mx.example.net\n\n" +
           recipients + "\n--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: <1@news.example.com>\n" + returned +
           "\n--b--\n";
}

std::string failed(const std::string& address) {
    return "Final-Recipient: rfc822; " + address + "\nAction: failed\nStatus: 5.1.1\n\n";
}

const Attribution shaped{{shape_of("b-{campaign}-{local}={domain}@news.example.com")}, {}};

} // namespace

TEST_CASE("return path shape: what its placeholders stand for") {
    struct Row {
        std::string shape, address, recipient, campaign;
    };
    const auto row = GENERATE(values<Row>({
        {"b-{campaign}-{local}={domain}@news.example.com", "b-42-first-last=Example.ORG@news.example.com",
         "first-last@example.org", "42"},
        {"B-{campaign}-{local}={domain}@NEWS.example.com", "b-Spring-A.B=example.org@news.EXAMPLE.com",
         "A.B@example.org", "Spring"},
        {"{local}={domain}@{any}.example.com", "a=b=example.org@m7.example.com", "a=b@example.org", ""},
        {"{domain}={local}@example.com", "example.org=a@example.com", "a@example.org", ""},
        {"x.{any}.{local}={domain}.{campaign}@example.com", "x..a.b=example.org.7@example.com", "a.b@example.org", "7"},
        {"bounce-{campaign}@example.com", "bounce-spring-24@example.com", "", "spring-24"},
    }));
    const auto facts = shape_of(row.shape).match(row.address);
    REQUIRE(facts);
    CHECK(facts->recipient == row.recipient);
    CHECK(facts->campaign == row.campaign);
}

TEST_CASE("return path shape: what has another shape matches in no part") {
    const auto [shape, address] = GENERATE(table<std::string, std::string>({
        {"b-{campaign}-{local}={domain}@example.com", "b-42@example.com"},
        {"b-{campaign}-{local}={domain}@example.com", "b-42-a=example.org@example.net"},
        {"b-{campaign}-{local}={domain}@example.com", "b--a=example.org@example.com"},
        {"b-{campaign}-{local}={domain}@example.com", "b-1-a=localhost@example.com"},
        {"b-{campaign}-{local}={domain}@example.com", "b-1-=example.org@example.com"},
        {"b-{campaign}-{local}={domain}@example.com", ""},
        {"bounce-{campaign}-b@example.com", "bounce-b@example.com"},
    }));
    CHECK_FALSE(shape_of(shape).match(address));
}

TEST_CASE("return path shape: a mistake is told") {
    const auto [shape, what] = GENERATE(table<std::string, std::string>({
        {"bounces@example.com", "`bounces@example.com` names neither a recipient nor a mailing"},
        {"b-{local}@example.com", "`b-{local}@example.com` has but one of {local} and {domain}"},
        {"b-{recipient}@example.com", "`b-{recipient}@example.com` has a placeholder that nobody knows"},
        {"b-{local@example.com", "`b-{local@example.com` has a placeholder that nobody knows"},
        {"{campaign}{local}={domain}@a", "`{campaign}{local}={domain}@a` has nothing between two placeholders"},
        {"{local}={domain}", "`{local}={domain}` is no address"},
        {"<{campaign}@example.com>", "`<{campaign}@example.com>` is no address"},
        {"{campaign}-{campaign}@a", "`{campaign}-{campaign}@a` names something twice"},
        {"", "`` names neither a recipient nor a mailing"},
    }));
    const auto parsed = ReturnPathShape::parse(shape);
    REQUIRE_FALSE(parsed);
    CHECK(parsed.error().what == what);
    CHECK_FALSE(parsed.error().remedy.empty());
}

TEST_CASE("attribution: our return path names recipient and mailing, whatever server further on the report names") {
    const Report report = read(
        report_to("b-42-ann=example.org@news.example.com", failed("box7@inside.example.net"), "X-Campaign-Id: other\n"),
        shaped);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "ann@example.org");
    CHECK(report.recipients[0].address.source == Source::verp);
    CHECK(report.recipients[0].original_address.text == "box7@inside.example.net");
    CHECK(report.original.campaign == "42");
}

TEST_CASE("attribution: a return path that came back, also wrapped by a forwarder") {
    const auto* const path = GENERATE("b-42-ann=example.org@news.example.com",
                                      "SRS0=HHHH=TT=news.example.com=b-42-ann=example.org@fwd.example",
                                      "prvs=1234abcdef=b-42-ann=example.org@news.example.com");
    const Report report = read(report_to("bounces@news.example.com", "Action: failed\nStatus: 5.1.1\n\n",
                                         "Return-Path: <" + std::string(path) + ">\n"),
                               shaped);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "ann@example.org");
    CHECK(report.recipients[0].status.text == "5.1.1");
}

TEST_CASE("attribution: of several recipients none is named by the return path") {
    const Report report =
        read(report_to("b-42-ann=example.org@news.example.com", failed("bob@example.org") + failed("carl@example.org")),
             shaped);
    REQUIRE(report.recipients.size() == 2);
    CHECK(report.recipients[0].address.text == "bob@example.org");
    CHECK(report.original.campaign == "42");
}

TEST_CASE("attribution: a complaint that hides its recipient is about whom its return path names") {
    const Report report = read(
        "From: fbl@example.net\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n"
        "--b\n\nSpam!\n--b\nContent-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1\nUser-Agent: "
        "x/1\n"
        "Original-Mail-From: <b-42-ann=example.org@news.example.com>\n"
        "--b\nContent-Type: message/rfc822\n\nFrom: news@example.com\nTo: redacted@example.net\nSubject: "
        "x\n\nx\n--b--\n",
        shaped);
    CHECK(report.kind == Kind::complaint);
    REQUIRE(report.recipients.size() == 1);
    CHECK(report.recipients[0].address.text == "ann@example.org");
    CHECK(report.original.campaign == "42");
}

TEST_CASE("attribution: our own header names the mailing before those that are known anyway") {
    const Attribution own{{}, {"X-Absent", "X-Mailing"}};
    const std::string returned = "X-Campaign-Id: other\nX-mailing: spring\n";
    CHECK(read(report_to("bounces@news.example.com", failed("ann@example.org"), returned), own).original.campaign ==
          "spring");
    CHECK(read(report_to("bounces@news.example.com", failed("ann@example.org"), returned), {}).original.campaign ==
          "other");
    // Returned as text.
    const Report quoted = read(
        "From: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n\n"
        "<ann@example.org>:\n550 5.1.1 no such user\n\n"
        "--- Below this line is a copy of the message.\n\n" +
            returned + "Subject: hello\n\nhello\n",
        own);
    CHECK(quoted.original.campaign == "spring");
}

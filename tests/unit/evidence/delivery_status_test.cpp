#include <catch2/catch.hpp>

#include "evidence/delivery_status.hpp"
#include "evidence/fields.hpp"

using namespace nixie;

TEST_CASE("read_fields: folds, lost folds and several fields on one line") {
    const auto fields = read_fields(
        "Status:5.1.1\nDiagnostic-Code: smtp; 550-one\n\ttwo\n550 three\n\n"
        "Final-Recipient: rfc822; a@example.org Action: failed Status: 5.0.0\n");
    REQUIRE(fields.size() == 5);
    CHECK(fields[0].value == "5.1.1");
    CHECK(fields[1].value == "smtp; 550-one two 550 three");
    CHECK(fields[2].name == "final-recipient");
    CHECK(fields[2].value == "rfc822; a@example.org");
    CHECK(fields[2].after_gap);
    CHECK(fields[3].value == "failed");
    CHECK(fields[4].name == "status");
    CHECK(fields[4].line == 6);
}

TEST_CASE("read_delivery_status: groups, with or without blank lines between and within") {
    const auto text = GENERATE(as<std::string>{},
                               "Final-Recipient: rfc822; a@example.org\nAction: failed\n\n"
                               "Final-Recipient: rfc822; b@example.org\nAction: delayed\n",
                               "Action: failed\nFinal-Recipient: rfc822; a@example.org\nStatus: 5.0.0\n\n"
                               "Action: delayed\nFinal-Recipient: rfc822; b@example.org\nStatus: 4.0.0\n",
                               "Final-Recipient: rfc822; a@example.org\nAction: failed\n"
                               "Final-Recipient: rfc822; b@example.org\nAction: delayed\n",
                               "Final-Recipient: rfc822; a@example.org\n\n\nAction: failed\n\n"
                               "Final-Recipient: rfc822; b@example.org\n\nAction: delayed\n",
                               "FINAL-RECIPIENT:RFC822;<a@example.org>\nACTION:FAILED\n"
                               " final-recipient : b@example.org (who)\n action : delay\n");
    INFO(text);
    const auto status = read_delivery_status(text, 0);
    REQUIRE(status.recipients.size() == 2);
    CHECK(status.recipients[0].address.text == "a@example.org");
    CHECK(status.recipients[0].action.text == "failed");
    CHECK(status.recipients[1].address.text == "b@example.org");
    CHECK(status.recipients[1].action.text == "delayed");
}

TEST_CASE("read_delivery_status: which of the recipient fields is the address") {
    const auto [fields, address, original] = GENERATE(table<std::string, std::string, std::string>({
        {"Final-Recipient: rfc822; a@example.org\nOriginal-Recipient: rfc822;b@example.com\n", "a@example.org",
         "b@example.com"},
        {"Final-Recipient: rfc822; a@example.org\nOriginal-Recipient: rfc822;alias@Example.org\n", "alias@example.org",
         ""},
        {"Original-Recipient: rfc822;a+2Bt@example.org\nFinal-Recipient: rfc822; a+t@example.org\n", "a+t@example.org",
         ""},
        {"Original-Recipient: rfc822;b@example.org\n", "b@example.org", ""},
        {"Final-Recipient: x-unix; |/bin/prog\nOriginal-Recipient: rfc822;b@example.org\n", "b@example.org", ""},
        {"Final-Recipient: LOCAL; user\nX-Actual-Recipient: rfc822; user@example.org\n", "user@example.org", ""},
        {"Final-Recipient: rfc822; @relay.example.com:user@server\nOriginal-Recipient: rfc822; user@example.org\n",
         "user@example.org", ""},
        {"Final-Recipient: LOCAL; user\n", "user", ""},
    }));
    INFO(fields);
    const auto status = read_delivery_status(fields + "Action: failed\n", 0);
    REQUIRE(status.recipients.size() == 1);
    CHECK(status.recipients[0].address.text == address);
    CHECK(status.recipients[0].original_address.text == original);
}

TEST_CASE("read_delivery_status: status and code come from the field that says most") {
    const auto [fields, status, code] = GENERATE(table<std::string, std::string, std::string>({
        {"Status: 5.2.1\nDiagnostic-Code: smtp; 550 no\n", "5.2.1", "550"},
        {"Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.2.2 full\n", "5.2.2", "550"},
        {"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.7.1 denied\n", "5.7.1", "550"},
        {"Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.0.0 no\n", "5.1.1", "550"},
        {"Diagnostic-Code: X-Postfix; host down (4.4.1)\n", "4.4.1", ""},
        {"Status: 5.1.1 (bad destination mailbox address)\n", "5.1.1", ""},
        {"Status: 550 5.1.1 no such user\n", "5.1.1", "550"},
        {"Status: unknown\n", "", ""},
    }));
    INFO(fields);
    const auto read = read_delivery_status("Final-Recipient: rfc822; a@example.org\n" + fields, 0);
    REQUIRE(read.recipients.size() == 1);
    CHECK(read.recipients[0].status.text == status);
    CHECK(read.recipients[0].smtp_code.text == code);
}

TEST_CASE("read_delivery_status: a diagnostic is one clean line of bounded length") {
    const auto read = read_delivery_status(
        "Final-Recipient: rfc822; a@example.org\nDiagnostic-Code: smtp; 550 \x1b[31m\x01 bad\xff " +
            std::string(10'000, 'x') + "\n",
        0);
    REQUIRE(read.recipients.size() == 1);
    const auto& text = read.recipients[0].diagnostic.text;
    CHECK(text.size() <= longest_diagnostic);
    CHECK(text.starts_with("550 [31m bad\xEF\xBF\xBD x"));
}

TEST_CASE("read_delivery_status: an action \"expired\" is a failure whose time was up") {
    const auto read = read_delivery_status(
        "Final-Recipient: rfc822; user@example.org\nAction: expired\nStatus:\n\n"
        "Final-Recipient: rfc822; other@example.org\nAction: failed\n",
        0);
    REQUIRE(read.recipients.size() == 2);
    CHECK(read.recipients[0].action.text == "failed");
    CHECK(read.recipients[0].status.text == "4.4.7");
    CHECK(read.recipients[1].status.empty());
}

TEST_CASE("read_delivery_status: the original's envelope id, as the sender wrote it") {
    const auto status = read_delivery_status(
        "Reporting-MTA: dns; mx.example.net\nOriginal-Envelope-Id: job+3D7+2B1\n\n"
        "Final-Recipient: rfc822; a@example.org\nAction: failed\n",
        0);
    CHECK(status.envelope_id == "job=7+1");
}

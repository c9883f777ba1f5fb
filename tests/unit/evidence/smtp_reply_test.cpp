#include <catch2/catch.hpp>

#include "evidence/smtp_reply.hpp"

using namespace nixie;

TEST_CASE("find_reply: code and status wherever a reply is quoted") {
    const auto [text, code, status] = GENERATE(table<std::string, std::string, std::string>({
        {"550 5.1.1 unknown", "550", "5.1.1"},
        {"550-5.1.1 unknown", "550", "5.1.1"},
        {"host x said: 452 4.2.2 full (in reply to RCPT TO command)", "452", "4.2.2"},
        {"#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##", "550", "5.1.1"},
        {"#5.1.1", "", "5.1.1"},
        {"Remote host said: 554 denied", "554", ""},
        {"5.1.0 - odd 550-'5.7.1 denied'", "550", "5.7.1"},
        {"SMTP error: 421 come back", "421", ""},
        {"smtp;550 no", "550", ""},
        {"550", "550", ""},
        {"Microsoft SMTPSVC(5.0.2195.6713)", "", ""},
        {"connection from 192.0.2.45 5.1.1.1", "", ""},
        {"sent on 5.12.2010", "", ""},
        {"version 8.14.4", "", ""},
        {"took 512 bytes", "", ""},
        {"nothing", "", ""},
        {"", "", ""},
    }));
    INFO(text);
    const auto reply = find_reply(text);
    CHECK(reply.code == code);
    CHECK(reply.status == status);
}

TEST_CASE("find_status: also of success") {
    CHECK(find_status("2.0.0 (sent)") == "2.0.0");
    CHECK(find_status("5.1.1 (bad destination mailbox address)") == "5.1.1");
    CHECK(find_status("five").empty());
}

TEST_CASE("is_generic: x.0.0 says nothing") {
    CHECK(is_generic(""));
    CHECK(is_generic("5.0.0"));
    CHECK_FALSE(is_generic("5.1.0"));
}

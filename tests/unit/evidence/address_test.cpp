#include <catch2/catch.hpp>

#include "evidence/address.hpp"

using namespace nixie;

TEST_CASE("clean_address: however it is written, the addr-spec comes out") {
    const auto [text, address] = GENERATE(table<std::string, std::string>({
        {"user@example.org", "user@example.org"},
        {"  <User@Example.ORG>  ", "User@example.org"},
        {"'user@example.org'", "user@example.org"},
        {"\"user@example.org\"", "user@example.org"},
        {"rfc822;user@example.org", "user@example.org"},
        {"SMTP:user@example.org", "user@example.org"},
        {"mailto:user@example.org", "user@example.org"},
        {"Some Name <user@example.org> (comment)", "user@example.org"},
        {"\"a@b.example\" <user@example.org>", "user@example.org"},
        {"<@relay.example.com:user@example.org>", "user@example.org"},
        {"user@example.org.", "user@example.org"},
        {"user@example.org...Relaying denied", "user@example.org"},
        {"user@example.org:", "user@example.org"},
        {"\"odd local\"@example.org", "\"odd local\"@example.org"},
        {"user%example.org@relay.example.com", "user%example.org@relay.example.com"},
        {"host!user@example.org", "host!user@example.org"},
        {"=?utf-8?B?eA=?=@example.org", "=?utf-8?B?eA=?=@example.org"},
        {"o'brien@example.org", "o'brien@example.org"},
        {"user@[192.0.2.1]", "user@[192.0.2.1]"},
        {"gr\xC3\xBC\xC3\x9F@b\xC3\xBC"
         "cher.example",
         "gr\xC3\xBC\xC3\x9F@b\xC3\xBC"
         "cher.example"},
        {"\xE3\x80\x8Cuser@example.org\xE3\x80\x8D", "user@example.org"}, // corner brackets
        {"user@example.org\xD8\x8C", "user@example.org"},                 // Arabic comma
        {"no address", ""},
        {"@example.org", ""},
        {"user@", ""},
        {"<<<@>>>", ""},
        {"", ""},
    }));
    CHECK(clean_address(text) == address);
}

TEST_CASE("clean_recipient: a field may give a bare local part") {
    const auto [field, address] = GENERATE(table<std::string, std::string>({
        {"rfc822; user@example.org", "user@example.org"},
        {"RFC822;<user@example.org> (was here)", "user@example.org"},
        {"user@example.org", "user@example.org"},
        {"LOCAL; user", "user"},
        {"rfc822; <user>", "user"},
        {"x400; /C=XX/O=Org/S=User/", "/C=XX/O=Org/S=User/"},
        {";;;", ""},
        {"", ""},
    }));
    CHECK(clean_recipient(field) == address);
}

TEST_CASE("addresses_in: each once, in order") {
    CHECK(addresses_in("b@example.org, <a@example.org>; b@example.org") ==
          std::vector<std::string>{"b@example.org", "a@example.org"});
    CHECK(addresses_in(std::string(200'000, '@')).empty());
}

TEST_CASE("is_reporter: addresses that report") {
    CHECK(is_reporter("MAILER-DAEMON@example.org"));
    CHECK(is_reporter("postmaster@example.org"));
    CHECK_FALSE(is_reporter("user@example.org"));
    CHECK_FALSE(is_reporter("abusement@example.org"));
}

TEST_CASE("decode_xtext: undoes only what xtext must encode") {
    CHECK(decode_xtext("rfc822;user+2Btag@example.org") == "rfc822;user+tag@example.org");
    CHECK(decode_xtext("user+20@example.org") == "user+20@example.org");
    CHECK(decode_xtext("user+") == "user+");
}

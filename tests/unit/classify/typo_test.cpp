// Domains that were meant to be a provider's, and those that only look so.
#include <catch2/catch.hpp>

#include "nixie/typo.hpp"

using namespace nixie;

TEST_CASE("typo: a slip in a large provider's domain") {
    const auto [written, meant] = GENERATE(table<std::string, std::string>({
        {"gmial.com", "gmail.com"},
        {"gmai.com", "gmail.com"},
        {"gmaill.com", "gmail.com"},
        {"gnail.com", "gmail.com"},
        {"gmail.con", "gmail.com"},
        {"gmail.co", "gmail.com"},
        {"gmail.cm", "gmail.com"},
        {"gmail.om", "gmail.com"},
        {"gmailcom", "gmail.com"},
        {"gmail..com", "gmail.com"},
        {"GMIAL.COM", "gmail.com"},
        {"hotmial.com", "hotmail.com"},
        {"hotmail.con", "hotmail.com"},
        {"hotamil.com", "hotmail.com"},
        {"hotmall.con", "hotmail.com"},
        {"yaho.com", "yahoo.com"},
        {"yahooo.com", "yahoo.com"},
        {"yhaoo.com", "yahoo.com"},
        {"yahoo.co.ukk", "yahoo.co.uk"},
        {"outlok.com", "outlook.com"},
        {"outloook.cm", "outlook.com"},
        {"iclod.com", "icloud.com"},
        {"gogglemail.com", "googlemail.com"},
        {"aol.con", "aol.com"},
        {"gmx.dee", "gmx.de"},
        {"web.dee", "web.de"},
        {"t-onlin.de", "t-online.de"},
        {"tonline.de", "t-online.de"},
        {"comcast.ent", "comcast.net"},
        {"yandx.ru", "yandex.ru"},
        {"liberto.it", "libero.it"},
        {"naver.con", "naver.com"},
        {"hotmail.c.uk", "hotmail.co.uk"},
        {"qq.con", "qq.com"},
    }));
    INFO(written);
    CHECK(suggest_address("user.name@" + written, Reason::host_unknown) == "user.name@" + meant);
}

TEST_CASE("typo: domains that are no slip") {
    const auto domain = GENERATE(as<std::string>{}, "gmail.com", "ymail.com", "mail.com", "email.com", "gmx.ch",
                                 "gmx.de", "gmx.at", "hotmail.co.uk", "hotmail.fr", "yahoo.co.jp", "yahoo.ca",
                                 "live.nl", "web.at", "web.se", "wen.de", "aok.com", "aol.be", "qqq.com", "sfr.com",
                                 "gmail.example.org", "example.org", "mac.de", "hotmail.hu", "outlook.hu", "bk.com",
                                 "wp.com", "tin.com", "a.com", "", "mail.example", "rail.ru", "163.net", "msn.de");
    INFO(domain);
    CHECK(suggest_address("user@" + domain, Reason::host_unknown).empty());
}

TEST_CASE("typo: a domain that answers for its mailboxes gets less benefit of the doubt") {
    CHECK(suggest_address("user@hotmall.con", Reason::user_unknown).empty());
    CHECK(suggest_address("user@hotmial.com", Reason::user_unknown) == "user@hotmail.com");
}

TEST_CASE("typo: only a dead domain or mailbox asks for a suggestion") {
    for (const auto reason : {Reason::host_unknown, Reason::user_unknown, Reason::not_accept})
        CHECK_FALSE(suggest_address("user@gmial.com", reason).empty());
    for (const auto reason : {Reason::mailbox_full, Reason::undefined, Reason::network_error, Reason::blocked})
        CHECK(suggest_address("user@gmial.com", reason).empty());
}

TEST_CASE("typo: what is no address has no suggestion") {
    for (const std::string_view text : {"", "@", "user", "@gmial.com", "user@", "gmial.com"})
        CHECK(suggest_address(text, Reason::host_unknown).empty());
    CHECK(suggest_address("user@" + std::string(100'000, 'g'), Reason::host_unknown).empty());
}

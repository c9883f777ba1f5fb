#include <re2/re2.h>

#include <array>
#include <catch2/catch.hpp>
#include <random>

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

namespace {

/// The same in patterns: much slower, and easier to read.
SmtpReply found_by_patterns(const std::string& text) {
    const std::string status = R"(([45]\.[0-9]{1,3}\.[0-9]{1,3})(?:$|[^0-9.]|\.(?:$|[^0-9])))";
    static const RE2 whole(R"((?im)(?:^|[^0-9.])([45][0-9][0-9])[\s-]*['"#(\[]*)" + status);
    static const RE2 alone(R"((?im)(?:^|[^0-9.a-z])\(?)" + status);
    static const std::array<RE2, 3> codes{
        R"((?im)(?:^\W{0,4}|said:?\s+|says:?\s+|<<<\s*|replied:?\s+|responded(?:\s+with)?:?\s+|returned:?\s+)"
        R"(|response:?\s+|reply:?\s+|error:?\s+|code:?\s+|status:?\s+)([45][0-57][0-9])(?:$|[\s:,.;)'"-]))",
        R"((?im)(?:[:;'"(\[<#/-]\s*)([45][0-57][0-9])(?:[\s-]+[^\s0-9]|[)'"\]]))",
        R"((?im)\s(4[25][0-9]|5[0235][0-9])[\s-]+[#<("']?[a-z])"};
    SmtpReply out;
    if (RE2::PartialMatch(text, whole, &out.code, &out.status)) return {out.code, out.status, true};
    RE2::PartialMatch(text, alone, &out.status);
    for (const auto& code : codes)
        if (RE2::PartialMatch(text, code, &out.code)) break;
    return out;
}

} // namespace

TEST_CASE("find_reply: finds what patterns would find, in any text") {
    constexpr std::array<std::string_view, 40> pieces{"550",      "421",     "4",       "5",         "5.1.1",
                                                      "4.2.2 ",   "5.1.1.1", ".",       "-",         " ",
                                                      "  ",       "\n",      "\t",      ":",         ";",
                                                      "(",        ")",       "[",       "#",         "'",
                                                      "\"",       "<<<",     "said",    "Says:",     "responded",
                                                      "with",     "error",   "code:",   "x",         "x7",
                                                      "\xC3\xBC", "_",       "590",     "451 4.7.1", "responded with ",
                                                      "status ",  "/",       "status:", "z",         "1"};
    std::mt19937 random(20'220'601);
    std::uniform_int_distribution<std::size_t> piece(0, pieces.size() - 1);
    std::uniform_int_distribution<int> length(1, 9);
    std::string misread;
    for (int i = 0; i < 20'000 && misread.empty(); ++i) {
        std::string text;
        for (int left = length(random); left > 0; --left) text += pieces[piece(random)];
        const auto found = find_reply(text);
        const auto wanted = found_by_patterns(text);
        if (found.code != wanted.code || found.status != wanted.status || found.whole != wanted.whole) misread = text;
    }
    CHECK(misread == "");
}

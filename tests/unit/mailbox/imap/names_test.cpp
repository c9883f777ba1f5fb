#include "mailbox/imap/names.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

TEST_CASE("modified UTF-7: there and back") {
    const auto [utf8, name] = GENERATE(table<std::string, std::string>({
        {"Bounces", "Bounces"},
        {"R&D", "R&-D"},
        {"&", "&-"},
        {"Entw\xC3\xBCrfe", "Entw&APw-rfe"},
        {"\xE5\x8F\xB0\xE5\x8C\x97", "&U,BTFw-"},               // RFC 3501 section 5.1.3
        {"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", "&ZeVnLIqe-"}, // the same
        {"a\xF0\x9F\x93\xAC"
         "-b",
         "a&2D3c7A--b"}, // beyond 16 bits
        {"a\tb", "a&AAk-b"},
        {"", ""},
    }));
    CHECK(to_modified_utf7(utf8) == name);
    CHECK(from_modified_utf7(name) == utf8);
}

TEST_CASE("modified UTF-7: what is not validly encoded stays") {
    const auto name = GENERATE(as<std::string>{}, "R&D", "a&APw", "a&?-", "a&2D0-", "a&3AA-", "Entw\xC3\xBCrfe");
    CHECK(from_modified_utf7(name) == name);
}

TEST_CASE("modified UTF-7: bytes that are no UTF-8 become U+FFFD") { CHECK(to_modified_utf7("a\xFF") == "a&,,0-"); }

TEST_CASE("join_folder: prefix, separator and what a level may hold") {
    using Levels = std::vector<std::string>;
    const auto [levels, prefix, separator, name] = GENERATE(table<Levels, std::string, std::string, std::string>({
        {{"Bounces", "bad-mailbox"}, "", "/", "Bounces/bad-mailbox"},
        {{"Bounces", "bad-mailbox"}, "INBOX.", ".", "INBOX.Bounces.bad-mailbox"},
        {{"INBOX", "Bounces"}, "INBOX.", ".", "INBOX.Bounces"},
        {{"Inbox", "Bounces"}, "INBOX.", ".", "INBOX.Bounces"},
        {{"INBOX.Bounces", "spam"}, "INBOX.", ".", "INBOX.Bounces.spam"},
        {{"INBOX", "Bounces"}, "", "/", "INBOX/Bounces"},
        {{"a.b", "c/d"}, "", ".", "a_b.c/d"},
        {{"a_b"}, "", "_", "a-b"},
        {{"Bounces", "spam"}, "", "", "Bounces-spam"},
        {{"R\xC3\xBC"
          "ckl\xC3\xA4ufer",
          "a&b"},
         "",
         "/",
         "R&APw-ckl&AOQ-ufer/a&-b"},
        {{"", "x"}, "", "/", "x"},
    }));
    CHECK(join_folder(levels, {prefix, separator}) == name);
}

TEST_CASE("show_folder: levels in UTF-8") {
    CHECK(show_folder("INBOX.R&APw-ck.a", ".") ==
          "INBOX/R\xC3\xBC"
          "ck/a");
    CHECK(show_folder("flat", "") == "flat");
}

TEST_CASE("canonical_folder: only INBOX has no case") {
    const auto [name, separator, canonical] = GENERATE(table<std::string, std::string, std::string>({
        {"inbox", "/", "INBOX"},
        {"Inbox/a", "/", "INBOX/a"},
        {"Inbox.a", "/", "Inbox.a"},
        {"inboxes", "/", "inboxes"},
        {"in", "/", "in"},
        {"Bounces", ".", "Bounces"},
    }));
    CHECK(canonical_folder(name, separator) == canonical);
}

TEST_CASE("quote: escapes what a quoted string must escape") {
    CHECK(quote(R"(a"b\c)") == R"("a\"b\\c")");
    CHECK(is_quotable("a b"));
    CHECK_FALSE(is_quotable("a\r\nb"));
    CHECK_FALSE(is_quotable("\xC3\xBC"));
}

#include <catch2/catch.hpp>

#include "mail/encoded_words.hpp"

using namespace nixie;

TEST_CASE("encoded words: a field is decoded") {
    const auto [value, expected] = GENERATE(table<std::string, std::string>({
        {"plain", "plain"},
        {"=?utf-8?Q?gr=C3=BC=C3=9Fe?=", "grüße"},
        {"=?UTF-8?b?Z3LDvMOfZQ==?=", "grüße"},
        {"=?iso-8859-1?q?gr=FC=DFe_an?= alle", "grüße an alle"},
        {"Re: =?utf-8?Q?a?= b =?utf-8?Q?c?=", "Re: a b c"},
        {"=?utf-8?Q?a?= =?utf-8?Q?b?=", "ab"},
        {"=?utf-8?Q?a?= \t =?iso-8859-1?Q?=FC?=", "aü"},
        {"=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "ü"}, // one character over two words
        {"=?utf-8?B?w7w=?==?utf-8?B?w7w=?=", "üü"},
        {"=?utf-8*de?Q?=C3=BC?=", "ü"},
        {"=?iso-2022-jp?B?GyRCJDMkcxsoQg==?=", "こん"},
        {"=?utf-8?Q?two words?=", "two words"}, // forbidden, frequent
        {"=?utf-8?Q?a=0D=0AX-Injected:_b?=", "a  X-Injected: b"},
        {"=?utf-8?Q?"
         "?=",
         ""},
        {"<=?utf-8?Q?a?=@example.com>", "<a@example.com>"},
    }));
    CAPTURE(value);
    Defects defects;
    CHECK(decode_words(value, defects) == expected);
    CHECK(defects.take().empty());
}

TEST_CASE("encoded words: a broken one stays as it is") {
    const auto value = GENERATE(as<std::string>{}, "=?utf-8?X?abc?=", "=?utf-8?B?a*b?=", "=?utf-8?Q?open",
                                "=?=", "=??Q?a?=", "=?utf-8", "=?utf 8?Q?a?=", "a =? b ?= c");
    CAPTURE(value);
    Defects defects;
    CHECK(decode_words(value, defects) == value);
}

TEST_CASE("encoded words: a million word beginnings are left alone") {
    std::string value;
    while (value.size() < 1'000'000) value += "=?a?q?b";
    Defects defects;
    CHECK(decode_words(value, defects) == value);
    CHECK(decode_words(value + "?=", defects).size() == value.size() - 6); // one long word
}

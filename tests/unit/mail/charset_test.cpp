#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "mail/charset.hpp"

using namespace nixie;
using Found = std::vector<Defect>;

TEST_CASE("charset: labelled bytes become UTF-8") {
    const auto [label, bytes, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"iso-8859-1", "gr\xFC\xDF", "grüß"},
        {"ISO-8859-1", "\x93quoted\x94", "“quoted”"},
        {"iso-8859-15", "\xA4", "€"},
        {"windows-1251", "\xEF\xF0\xE8\xE2\xE5\xF2", "привет"},
        {"koi8-r", "\xD0\xD2\xC9\xD7\xC5\xD4", "привет"},
        {"iso-2022-jp", "\x1b$B$3$s\x1b(B.", "こん."},
        {"shift_jis", "\x82\xB1\x82\xF1", "こん"},
        {"x-sjis", "\x82\xB1\x82\xF1", "こん"},
        {"cp932", "\x87\x40", "①"},
        {"euc-jp", "\xA4\xB3\xA4\xF3", "こん"},
        {"x-euc-jp", "\xA4\xB3\xA4\xF3", "こん"},
        {"gb2312", "\xC4\xE3\xBA\xC3", "你好"},
        {"gbk", "\xC4\xE3\xBA\xC3", "你好"},
        {"gb18030", "\xC4\xE3\xBA\xC3", "你好"},
        {"big5", "\xA7\x41\xA6\x6E", "你好"},
        {"ks_c_5601-1987", "\xB0\xA1", "가"},
        {"euc-kr", "\xB0\xA1", "가"},
        {"utf-8", "gr\xC3\xBC", "grü"},
        {"unicode-1-1-utf-8", "gr\xC3\xBC", "grü"},
        {"unicode-1-1-utf-7", "gr+APwA3w-.", "grüß."},
        {"utf-16le", std::string("a\0\xFC\0", 4), "aü"},
        {" UTF-8 ", "plain", "plain"},
    }));
    Defects defects;
    CAPTURE(label);
    CHECK(to_utf8(bytes, label, defects) == expected);
    CHECK(defects.take().empty());
}

TEST_CASE("charset: a label that says nothing is guessed") {
    const auto label = GENERATE(as<std::string>{}, "", "8bit", "us-ascii", "default_charset", "unknown-8bit");
    const auto [bytes, expected] = GENERATE(table<std::string, std::string>({
        {"plain", "plain"},
        {"gr\xC3\xBC", "grü"},
        {"gr\xFC", "grü"},
        {"\x93quoted\x94", "“quoted”"},
        {"\x1b$B$3$s\x1b(B", "こん"},
        {std::string("a\0\xFC", 3), "aü"},
    }));
    Defects defects;
    CAPTURE(label, bytes);
    CHECK(to_utf8(bytes, label, defects) == expected);
    CHECK(defects.take().empty());
}

TEST_CASE("charset: a label that lies is recorded, and what can be read is kept") {
    const auto [label, bytes, expected] = GENERATE(table<std::string, std::string, std::string>({
        {"utf-8", "gr\xFC.", "grü."},                          // Latin
        {"utf-8", "gr\xC3\xBC\xFC.", "grü\xEF\xBF\xBD."},      // a broken byte
        {"utf-8", "gr\xC3\xBC\xC3", "grü\xEF\xBF\xBD"},        // cut in the middle of a character
        {"iso-2022-jp", "\xA4\xB3\xA4\xF3\xA4\xCB", "こんに"}, // EUC-JP
        {"iso-2022-jp", "\x82\xB1\x82\xF1", "こん"},           // Shift_JIS
        {"iso-2022-jp", "gr\xC3\xBC", "grü"},
        {"gb2312", "ok \xFF.", "ok \xEF\xBF\xBD."},
        {"euc-kr", "ok \xB0", "ok \xEF\xBF\xBD"}, // cut in the middle of a character
    }));
    Defects defects;
    CAPTURE(label, bytes);
    CHECK(to_utf8(bytes, label, defects) == expected);
    CHECK(defects.take() == Found{Defect::bad_charset});
}

TEST_CASE("charset: an unknown label leaves UTF-8 as it is and reads the rest as Latin") {
    const auto label = GENERATE(as<std::string>{}, "x-nowhere", "utf-8//IGNORE", "iso-8859-1/", "\xFF", "../../etc",
                                std::string(5000, 'a'));
    Defects defects;
    CHECK(to_utf8("gr\xC3\xBC", label, defects) == "grü");
    CHECK(to_utf8("gr\xFC", label, defects) == "grü");
    CHECK(defects.take() == Found{Defect::unknown_charset});
}

TEST_CASE("charset: is_ascii looks at every byte") {
    for (std::size_t length = 1; length < 20; ++length) {
        for (std::size_t at = 0; at < length; ++at) {
            std::string text(length, 'a');
            CHECK(is_ascii(text));
            text[at] = '\x80';
            CHECK_FALSE(is_ascii(text));
        }
    }
}

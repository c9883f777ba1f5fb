#include <catch2/catch.hpp>

#include "base/text.hpp"

using namespace nixie;

TEST_CASE("fold_space: white space and controls become single spaces") {
    CHECK(fold_space("  a\t\r\n b\x01\x7f c ") == "a b c");
    CHECK(fold_space(" \n ").empty());
}

TEST_CASE("to_valid_utf8: what is no UTF-8 becomes U+FFFD") {
    const auto [input, output] = GENERATE(table<std::string, std::string>({
        {"gr\xC3\xBC\xC3\x9F", "gr\xC3\xBC\xC3\x9F"},
        {"gr\xFC\xDF", "gr\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},                 // overlong
        {"\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"}, // surrogate
        {"\xE2\x82", "\xEF\xBF\xBD\xEF\xBF\xBD"},                 // cut short
        {std::string("a\0b", 3), "ab"},
    }));
    CHECK(to_valid_utf8(input) == output);
}

TEST_CASE("clip: never cuts inside a character") {
    CHECK(clip("a\xC3\xBC", 2) == "a");
    CHECK(clip("a\xC3\xBC", 3) == "a\xC3\xBC");
    CHECK(clip("abc", 0).empty());
}

TEST_CASE("printable: no control character reaches a terminal") {
    CHECK(printable("a\x1b[31mb\nc\x7f\xC2\x9B") == "a?[31mb\nc??");
}

TEST_CASE("next_line: LF, CR LF and CR end lines") {
    std::string_view rest = "a\nb\r\nc\rd\n\ne";
    std::string_view line;
    std::vector<std::string> lines;
    while (next_line(rest, line)) lines.emplace_back(line);
    CHECK(lines == std::vector<std::string>{"a", "b", "c", "d", "", "e"});
}

// Whatever is found by trying is what RE2 finds, to the byte.
#include <re2/re2.h>
#include <catch2/catch.hpp>

#include <array>

#include "classify/example.hpp"
#include "classify/rule.hpp"
#include "data/data.hpp"
#include "patterns/folding.hpp"
#include "patterns/regex.hpp"
#include "patterns/trial.hpp"

using namespace nixie;

namespace {

constexpr std::size_t groups = 6;
using Found =
    std::vector<std::string>; ///< the match and its groups, "-" for one that took no part; empty if there is none

/// By RE2.
class Expected {
  public:
    Expected(const std::string& pattern, Trial::Lines lines)
        : re2_((lines == Trial::Lines::many ? "(?m)" : "") + pattern, options()) {}

    [[nodiscard]] Found find(std::string_view text, RE2::Anchor anchor = RE2::UNANCHORED) const {
        std::array<re2::StringPiece, groups> pieces;
        const int wanted = std::min<int>(groups, re2_.NumberOfCapturingGroups() + 1);
        if (!re2_.Match({text.data(), text.size()}, 0, text.size(), anchor, pieces.data(), wanted)) return {};
        Found out;
        for (const auto& piece : pieces) out.push_back(piece.data() == nullptr ? "-" : piece.as_string());
        return out;
    }

  private:
    static RE2::Options options() {
        RE2::Options out;
        out.set_case_sensitive(false);
        return out;
    }
    RE2 re2_;
};

/// Nothing if it was too hard.
std::optional<Found> tried(const Trial& trial, std::string_view text, Trial::Lines lines,
                           Trial::Where where = Trial::Where::anywhere) {
    std::array<std::size_t, 2 * groups> places{};
    const auto outcome = trial.match(text, lines, where, places);
    if (outcome == Trial::Outcome::too_hard) return std::nullopt;
    if (outcome == Trial::Outcome::no) return Found{};
    Found out;
    for (std::size_t i = 0; i < groups; ++i) {
        const auto begin = places[2 * i];
        const auto end = places[2 * i + 1];
        out.push_back(begin == Trial::nowhere || end == Trial::nowhere ? "-"
                                                                       : std::string(text.substr(begin, end - begin)));
    }
    return out;
}

} // namespace

TEST_CASE("Trial: finds what RE2 finds, and where") {
    const std::array patterns{"a",
                              "",
                              "ab|a|abc",
                              "(a|ab)(c|bcd)(d*)",
                              "^b+$",
                              "\\bword\\b",
                              "\\Bord",
                              "x*?y",
                              "(a+?)(a*)",
                              "(?:(a)|b)*c",
                              "(\\d{2,3})-(\\d{2,3}?)",
                              "[^a-c]+",
                              "[\\]\\-x]+",
                              "[]a]+",
                              "a{2}b{0,2}c{1,}",
                              "a{b}c",
                              "(?P<address>\\S+@\\S+?)>?\\s*$",
                              ".*(?:fail|deliver).*",
                              "(?:the |a )*(end|start)?",
                              "(x)?(y)?z",
                              "\\W*\\w+\\s",
                              "na[iï]ve|é|caf",
                              "\\Aa|c\\z",
                              "a\\.b\\\\c",
                              "(a)?(?:b|\\bc)",
                              "A.C",
                              "(?:a|b|c|d|e)x"};
    const std::array texts{"",
                           "a",
                           "abcd",
                           "aab",
                           "b\nbb\nbc",
                           "a word, a sword",
                           "xxy",
                           "aaa",
                           "abbac",
                           "12-345 1234-56",
                           "A.b\\C",
                           "-]x]",
                           "aabcc",
                           "a{b}c",
                           "to: <user@example.com> ",
                           "it FAILED to deliver this",
                           "the a the end",
                           "xz yz z",
                           "naive caf",
                           "aXc\nbx",
                           "c"};
    std::size_t found = 0;
    for (const std::string pattern : patterns) {
        const auto trial = Trial::of(pattern);
        REQUIRE(trial);
        for (const auto lines : {Trial::Lines::one, Trial::Lines::many}) {
            const Expected expected(pattern, lines);
            for (const auto* const text : texts) {
                INFO(pattern << " in " << text);
                CHECK(tried(*trial, text, lines) == expected.find(text));
                CHECK(tried(*trial, text, lines, Trial::Where::whole) == expected.find(text, RE2::ANCHOR_BOTH));
                found += expected.find(text).empty() ? 0 : 1;
            }
        }
    }
    CHECK(found > 200);
}

TEST_CASE("Trial: takes a character that is not of ASCII as a whole, as RE2 does") {
    const std::array patterns{
        "empf(ä|a)nger",  "[ÜU]bermittlung|[^a-z]b", "^(.{2,3})x",    "(\\W+)(.)",
        "([^ ]*)([^a])$", "(\\S+?) ?([:：])",        ".*?(.)ж?",      "(?:адрес|收件人|é)+(\\W{0,2})",
        "\\b\\w+\\b",     "(.)(.)?(.{0,2}?)$",       "[、。]?([^x]+)"};
    const std::array texts{"Der EMPFÄNGER fehlt",
                           "Empfänger: übermittlung ÜBERMITTLUNG",
                           "ééxé",
                           "АДРЕС получателя",
                           "адрес：",
                           "收件人。不存在、x",
                           "naïve café b",
                           "ж",
                           "aéb\néx",
                           "é"};
    for (const std::string pattern : patterns) {
        const auto trial = Trial::of(pattern);
        REQUIRE(trial);
        const Expected expected(pattern, Trial::Lines::many);
        for (const auto* const text : texts) {
            INFO(pattern << " in " << text);
            CHECK(tried(*trial, text, Trial::Lines::many) == expected.find(text));
            CHECK(tried(*trial, text, Trial::Lines::many, Trial::Where::whole) ==
                  expected.find(text, RE2::ANCHOR_BOTH));
        }
    }
}

TEST_CASE("Trial: folds the case of other letters as RE2 does") {
    std::string text;
    for (std::uint32_t c = 0x80; c < 0x500; ++c) text += utf8_of(c) + " ";
    for (std::uint32_t c = 0x80; c < 0x500; ++c) {
        if (!folds_plainly(c)) continue;
        const auto pattern = utf8_of(c);
        // Without the long s, for which the whole text would be left to RE2.
        for (const auto& part : {text.substr(0, text.find("\xC5\xBF")), text.substr(text.find("\xC5\xBF") + 2)}) {
            INFO(std::hex << c);
            const Expected expected(pattern, Trial::Lines::one);
            CHECK(tried(*Trial::of(pattern), part, Trial::Lines::one) == expected.find(part));
        }
    }
}

TEST_CASE("Trial: leaves texts to RE2 whose case is another than theirs, or that are no UTF-8") {
    const auto trial = Trial::of("[^x]k|σ");
    REQUIRE(trial);
    for (const auto* const text : {"a\xE2\x84\xAA", "\xC3", "Σ"})
        CHECK(trial->match(text, Trial::Lines::one, Trial::Where::anywhere, {}) == Trial::Outcome::too_hard);
    CHECK(trial->match("ak", Trial::Lines::one, Trial::Where::anywhere, {}) == Trial::Outcome::yes);
}

TEST_CASE("Trial: finds what RE2 finds by the built-in rules") {
    std::vector<std::string> texts;
    std::vector<std::string> patterns;
    for (const auto& file : built_in_files("rules"))
        for (const auto& rule : read_rules(file).value()) {
            patterns.insert(patterns.end(), rule.text.begin(), rule.text.end());
            texts.push_back(example_evidence(rule.examples.front()).diagnostic.text);
        }
    std::size_t begin = 0;
    std::size_t hard = 0;
    for (const auto& pattern : patterns) {
        const auto trial = Trial::of(pattern);
        if (!trial) continue;
        const Expected expected(pattern, Trial::Lines::one);
        constexpr std::size_t some = 7;
        for (auto i = begin++ % some; i < texts.size(); i += some) {
            const auto found = tried(*trial, texts[i], Trial::Lines::one);
            hard += found ? 0 : 1;
            if (found && *found != expected.find(texts[i])) FAIL(pattern << " in " << texts[i]);
        }
    }
    CHECK(patterns.size() > 1000);
    CHECK(hard < patterns.size() / 50);
}

TEST_CASE("Trial: gives up where there are too many ways, and RE2 answers") {
    const std::string many(200, 'a');
    const std::string pattern = "^(?:a|aa|a\\w)+!";
    const auto trial = Trial::of(pattern);
    REQUIRE(trial);
    CHECK(trial->match(many, Trial::Lines::one, Trial::Where::anywhere, {}) == Trial::Outcome::too_hard);
    CHECK_FALSE(Regex(pattern).found_in(many));
    CHECK(Regex(pattern).found_in(many + "!"));
}

TEST_CASE("Trial: leaves to RE2 what it does not know") {
    for (const auto* const pattern :
         {"(?s)a", "(?s:.)", "(?-i:a)", "\\pL", "[[:alpha:]]", "\\Qa\\E", "\\x4", "(a*)*", "(a", "a)", "a**", "*",
          "[b-a]", "[a", "a{3,2}", "(?P<x", "\\", "\xC5\xBF", "[a-\xE2\x84\xAA]"}) {
        INFO(pattern);
        CHECK_FALSE(Trial::of(pattern));
    }
    const std::string open(10'000, '(');
    CHECK_FALSE(Trial::of(open + "a" + std::string(10'000, ')')));
}

// What is read off a pattern must hold for every text that it matches.
#include <catch2/catch.hpp>

#include "patterns/regex.hpp"
#include "patterns/requirement.hpp"

using namespace nixie;

namespace {

std::vector<OneOf> lists(const std::string& pattern) { return requirement_of(pattern).all; }

std::string utf8(std::uint32_t c) {
    const auto put = [](std::uint32_t byte) { return static_cast<char>(byte); };
    if (c < 0x80) return {put(c)};
    if (c < 0x800) return {put(0xC0 | c >> 6), put(0x80 | (c & 0x3F))};
    return {put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F))};
}

} // namespace

TEST_CASE("requirement_of: what every match must hold is found in the pattern") {
    using Lists = std::vector<OneOf>;
    CHECK(lists("over quota") == Lists{{"over quota"}});
    CHECK(lists("Mail(box|store) FULL") == Lists{{"mailbox full", "mailstore full"}});
    CHECK(lists("user.*unknown") == Lists{{"unknown"}, {"user"}});
    CHECK(lists("(can.t|could not) connect\\b") == Lists{{" connect"}, {"can", "could not"}});
    CHECK(lists("(?P<code>[0-9]+) (?i:quota)s?") == Lists{{" quota", " quotas"}});
    CHECK(lists("(abc){2,3}x*") == Lists{{"abc"}});
    CHECK(lists("a[bc]d") == Lists{{"abd", "acd"}});
    CHECK(lists("a\\.b\\x2Dc") == Lists{{"a.b-c"}});
    CHECK(lists("^rejected$") == Lists{{"rejected"}});
    CHECK(lists("a{b}c") == Lists{{"a{b}c"}});
}

TEST_CASE("requirement_of: nothing is required of what may be missing") {
    for (const auto* const pattern : {"(abc)?", "(abc)*", "(abc){0,2}", "abc|.", "[^a]", "[a-z]{3}", "\\w+\\d\\pL",
                                      "ab", "(abc|x)", "\\Qabc\\E", "", "[[:alpha:]]abc|\\s", "abc|"}) {
        INFO(pattern);
        CHECK(lists(pattern).empty());
    }
}

TEST_CASE("requirement_of: a pattern of words alone needs no more than one of them") {
    CHECK(requirement_of("(?:over quota)|(?:mailbox full)").exact);
    CHECK(requirement_of("na[iï]ve").exact);
    CHECK_FALSE(requirement_of("over .*quota").exact);
    CHECK_FALSE(requirement_of("(?-i)over").exact);
    CHECK_FALSE(requirement_of("(?-i:over)").exact);
    CHECK_FALSE(requirement_of("over|ab").exact);
}

TEST_CASE("requirement_of: conditions at the ends of words are told apart from the words") {
    const auto edges = [](const std::string& pattern) {
        const auto out = requirement_of(pattern);
        CHECK(out.exact);
        return std::pair(out.front, out.back);
    };
    CHECK(edges("over quota") == std::pair(Edge::none, Edge::none));
    CHECK(edges("^over quota$") == std::pair(Edge::end, Edge::end));
    CHECK(edges("\\bover quota\\b") == std::pair(Edge::word, Edge::word));
    CHECK(edges("(?:over|under) quota\\$") == std::pair(Edge::none, Edge::none));
    for (const auto* const pattern :
         {"^over|quota", "over\\B", "^over\\b quota", "^(?-i:over)", "over\\s+$", "over\\\\b.", "^a|b$"})
        CHECK_FALSE(requirement_of(pattern).exact);
}

TEST_CASE("requirement_of: white space of any length is part of the words") {
    using Lists = std::vector<OneOf>;
    CHECK(lists("out\\s+of\\s+office") == Lists{{"out\1of\1office"}});
    CHECK(requirement_of("out\\s+?of").exact);
    CHECK(lists("out\\s+ of").empty());
    CHECK(lists("out\\s*of").empty() == false);
}

TEST_CASE("requirement_of: characters that must be there are known, also of short patterns") {
    const auto required = [](const std::string& pattern) { return requirement_of(pattern).characters; };
    CHECK(required("^<(\\S+)@") == characters_of("<@"));
    CHECK(required("a+|ab") == characters_of("a"));
    CHECK(required("x?y*") == 0);
    CHECK(required("K") == characters_of("k"));
    CHECK((required("[<(]\\w") & characters_of("<(")) == 0);
}

TEST_CASE("requirement_of: letters of other scripts count without their case") {
    CHECK(lists("ÜBER") == std::vector<OneOf>{{"über"}});
    CHECK(lists("ЯЩИК") == std::vector<OneOf>{{"ящик"}});
    CHECK(lists("ЁЛКА") == std::vector<OneOf>{{"ёлка"}});
    CHECK(lists("邮箱已满") == std::vector<OneOf>{{"邮箱已满"}});
    // These have relatives elsewhere in Unicode, or are not folded here.
    CHECK(lists("groß") == std::vector<OneOf>{{"gro"}});
    CHECK(lists("ångström") == std::vector<OneOf>{{"ngström"}});
    CHECK(lists("SKRZYNKA ZAPEŁNIONA") == std::vector<OneOf>{{"skrzynka zapełniona"}});
    CHECK(lists("iletiniz dağıtılamadı") == std::vector<OneOf>{{"iletiniz dağ"}, {"lamad"}});
}

TEST_CASE("requirement_of: deep nesting is given up") {
    const std::string open(10'000, '(');
    const std::string close(10'000, ')');
    CHECK(requirement_of(open + "abc" + close).all.empty());
    CHECK(requirement_of(open).all.empty());
}

TEST_CASE("fold_case: letters are equal that RE2 takes for equal, and no others, but for odd ones") {
    std::vector<std::string> characters; // up to where Chinese begins; nothing there has a case
    for (std::uint32_t c = 1; c < 0x3000; ++c) {
        auto text = utf8(c);
        if (!folds_oddly(text)) characters.push_back(std::move(text));
    }
    std::vector<std::uint32_t> letters;
    for (std::uint32_t c = 'A'; c <= 'Z'; ++c) letters.push_back(c);
    for (std::uint32_t c = 0xC0; c < 0x460; ++c)
        if (folds_plainly(c)) letters.push_back(c);
    CHECK(letters.size() > 150);
    for (const auto letter : letters) {
        const auto folded = fold_case(utf8(letter));
        std::string others;
        for (const auto& character : characters)
            if (fold_case(character) != folded) others += character;
        INFO(utf8(letter) << " " << folded);
        CHECK(fold_case(folded) == folded);
        const Regex regex(utf8(letter));
        CHECK(regex.matches_whole(folded));
        CHECK(regex.find(others) == std::nullopt);
    }
    CHECK(folds_oddly("\xE2\x84\xAA"));
    CHECK_FALSE(folds_oddly("Kelvin"));
}

TEST_CASE("alternatives_of: the topmost bars divide a pattern") {
    using List = std::vector<std::string>;
    CHECK(alternatives_of("a|b(c|d)|e") == List{"a", "b(c|d)", "e"});
    CHECK(alternatives_of("(?:a|b)|(?:(?:c|d))") == List{"a", "b", "c", "d"});
    CHECK(alternatives_of("(?:a|b)c") == List{"(?:a|b)c"});
    CHECK(alternatives_of("(?:a)(?:b)") == List{"(?:a)(?:b)"});
    CHECK(alternatives_of("a\\|b|[|)]|[]|]|[^]|]|[[:alpha:]|]") ==
          List{"a\\|b", "[|)]", "[]|]", "[^]|]", "[[:alpha:]|]"});
    CHECK(alternatives_of("a|") == List{"a", ""});
    CHECK(alternatives_of("(?P<code>a|b)|\\(c") == List{"(?P<code>a|b)", "\\(c"});
    // Flags hold for what follows them, and a quote may hold bars.
    for (const std::string whole : {"(?-i)a|b", "(?s:a)|b", "\\Qa|b\\E", "(?", "("})
        CHECK(alternatives_of(whole) == List{whole});
}

#include <catch2/catch.hpp>

#include <thread>

#include "patterns/regex_set.hpp"

using namespace nixie;
using Chance = RegexSet::Chance;

TEST_CASE("Regex: finds, without regard to case") {
    const Regex regex("no (\\w+)");
    CHECK(regex.found_in("I see NO way"));
    CHECK(regex.find("I see NO way") == "NO way");
    CHECK(regex.find("yes") == std::nullopt);
    CHECK(regex.matches_whole("no way"));
    CHECK_FALSE(regex.matches_whole("no way out"));
    CHECK(regex.source() == "no (\\w+)");
}

TEST_CASE("Regex: ^ and $ are the ends of what was asked for") {
    CHECK_FALSE(Regex("^b$").found_in("a\nb\nc"));
    CHECK(Regex("^b$", Regex::Ends::lines).found_in("a\nb\nc"));
}

TEST_CASE("Regex: a complaint says what is wrong") {
    static constexpr std::array<std::string_view, 1> names{"code"};
    CHECK_FALSE(Regex("(?P<code>x)", Regex::Ends::text, names).complaint());
    CHECK(Regex("(?P<place>x)", Regex::Ends::text, names).complaint() == "unknown group 'place'");
    CHECK(Regex("(").complaint()->find("missing") != std::string::npos);
    CHECK_FALSE(Regex("(").found_in("("));
}

TEST_CASE("Regex: many threads may use a new one at once") {
    for (int round = 0; round < 20; ++round) {
        const Regex regex("(a|b)+c");
        std::vector<std::thread> threads;
        std::array<bool, 4> found{};
        for (auto& each : found) threads.emplace_back([&] { each = regex.found_in("xxababcxx"); });
        for (auto& thread : threads) thread.join();
        CHECK(found == std::array<bool, 4>{true, true, true, true});
    }
}

TEST_CASE("RegexSet: tells which patterns may be in a text") {
    RegexSet set;
    set.add(Regex("alpha"));
    set.add(Regex("^beta$", Regex::Ends::lines));
    set.add(Regex("gamma.*delta"));
    set.add(Regex("[0-9]"));
    set.add(Regex("spf|alpha"));
    set.finish();
    CHECK(set.chances("x ALPHA\nbeta\n") ==
          std::vector<Chance>{Chance::sure, Chance::some, Chance::none, Chance::some, Chance::sure});
    CHECK(set.chances("deltagamma") ==
          std::vector<Chance>{Chance::none, Chance::none, Chance::some, Chance::some, Chance::none});
    CHECK(set.chances("") == std::vector<Chance>{Chance::none, Chance::none, Chance::none, Chance::some, Chance::none});
    RegexSet empty;
    empty.finish();
    CHECK(empty.chances("x").empty());
}

TEST_CASE("RegexSet: a text with letters that fold oddly may hold anything") {
    RegexSet set;
    set.add(Regex("kelvin"));
    set.finish();
    const std::string text =
        "0 \xE2\x84\xAA"
        "elvin";
    CHECK(Search(set, text).found(0));
    CHECK_FALSE(Search(set, "\xE2\x84\xAA").found(0));
}

TEST_CASE("Search: finds what each pattern by itself finds") {
    RegexSet set;
    set.add(Regex("^beta$", Regex::Ends::lines));
    set.add(Regex("gamma.*delta"));
    set.finish();
    const std::string text = "beta\ndelta gamma";
    const Search search(set, text);
    CHECK(search.found(0));
    CHECK_FALSE(search.found(1));
    CHECK(search.found(0));
}

TEST_CASE("LiteralIndex: finds each word wherever it stands, also at the ends") {
    LiteralIndex index;
    const std::vector<std::string> words{"abc", "abcd", "cdefgh", "zzz", "efg"};
    for (const auto& word : words) index.add(word);
    CHECK(index.add("abc") == 0);
    index.finish();
    CHECK(index.size() == words.size());
    auto found = index.find("abcdefghabc");
    std::sort(found.begin(), found.end());
    CHECK(found == std::vector<std::uint32_t>{0, 1, 2, 4});
    CHECK(index.find("ab").empty());
    CHECK(index.find("xxzzz") == std::vector<std::uint32_t>{3});
}

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

#include "patterns/regex_set.hpp"

using namespace nixie;
using Chance = Search::Chance;

namespace {

std::vector<Chance> chances(const RegexSet& set, std::string_view text) {
    Search search(set);
    search.look_at(text);
    std::vector<Chance> out;
    for (std::size_t i = 0; i < set.size(); ++i) {
        out.push_back(search.chance(i));
        const auto& may = search.candidates();
        CHECK(std::count(may.begin(), may.end(), i) == (out.back() == Chance::none ? 0 : 1));
    }
    return out;
}

bool found(const RegexSet& set, std::size_t number, std::string_view text) {
    Search search(set);
    search.look_at(text);
    return search.found(number);
}

} // namespace

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
    CHECK(chances(set, "x ALPHA\nbeta\n") ==
          std::vector<Chance>{Chance::sure, Chance::sure, Chance::none, Chance::some, Chance::sure});
    CHECK(chances(set, "deltagamma") ==
          std::vector<Chance>{Chance::none, Chance::none, Chance::some, Chance::some, Chance::none});
    CHECK(chances(set, "") ==
          std::vector<Chance>{Chance::none, Chance::none, Chance::none, Chance::some, Chance::none});
    RegexSet empty;
    empty.finish();
    CHECK(chances(empty, "x").empty());
}

TEST_CASE("RegexSet: a text with letters that fold oddly may hold anything") {
    RegexSet set;
    set.add(Regex("kelvin"));
    set.finish();
    const std::string text =
        "0 \xE2\x84\xAA"
        "elvin";
    CHECK(found(set, 0, text));
    CHECK_FALSE(found(set, 0, "\xE2\x84\xAA"));
}

TEST_CASE("Search: finds what each pattern by itself finds") {
    RegexSet set;
    set.add(Regex("^beta$", Regex::Ends::lines));
    set.add(Regex("gamma.*delta"));
    set.finish();
    const std::string text = "beta\ndelta gamma";
    Search search(set);
    search.look_at(text);
    CHECK(search.found(0));
    CHECK_FALSE(search.found(1));
    CHECK(search.found(0));
}

TEST_CASE("RegexSet: words between conditions are found without a pattern, and only where these hold") {
    RegexSet set;
    set.add(Regex("^alpha"));
    set.add(Regex("alpha$"));
    set.add(Regex("\\balpha\\b"));
    set.add(Regex("^alpha$", Regex::Ends::lines));
    set.add(Regex("alpha\\$"));
    set.finish();
    using Chances = std::vector<Chance>;
    const auto none = Chance::none;
    const auto sure = Chance::sure;
    CHECK(chances(set, "alphabet") == Chances{sure, none, none, none, none});
    CHECK(chances(set, "x\nalpha\ny") == Chances{none, none, sure, sure, none});
    CHECK(chances(set, "xalpha alpha") == Chances{none, sure, sure, none, none});
    CHECK(chances(set, "_alpha$") == Chances{none, none, none, none, sure});
}

TEST_CASE("RegexSet: white space in words is as long as it is") {
    RegexSet set;
    set.add(Regex("out\\s+of\\s+office"));
    set.add(Regex("we\\s+are"));
    set.add(Regex("a\\s+ b"));
    set.add(Regex("ab\\s+"));
    set.finish();
    using Chances = std::vector<Chance>;
    const auto none = Chance::none;
    const auto some = Chance::some;
    const auto sure = Chance::sure;
    CHECK(chances(set, "Out \n of\toffice: we\r\nare ab") == Chances{sure, sure, some, none});
    CHECK(chances(set, "outof office, weare, ab ") == Chances{none, none, some, sure});
}

TEST_CASE("Search: patterns of a group are found in its texts alone") {
    RegexSet set;
    set.add(Regex("alpha"), 1);
    set.add(Regex("al.ha"), 2);
    set.finish();
    Search search(set);
    search.look_at("alpha", 2);
    search.look_at("beta", 1);
    CHECK_FALSE(search.found(0));
    CHECK(search.found(1));
}

TEST_CASE("LiteralIndex: finds each word wherever it stands, also at the ends") {
    LiteralIndex index;
    const std::vector<std::string> words{"abc", "abcd", "cdefgh", "zzz", "efg"};
    for (const auto& word : words) index.add(word);
    CHECK(index.add("abc") == 0);
    index.finish();
    CHECK(index.size() == words.size());
    const auto found = [&](std::string_view text) {
        std::vector<std::uint32_t> out;
        index.find(text, [&](const LiteralIndex::Hit& hit) {
            CHECK(text.substr(hit.begin, hit.end - hit.begin) == words[hit.word]);
            out.push_back(hit.word);
        });
        std::sort(out.begin(), out.end());
        return out;
    };
    CHECK(found("abcdefghabc") == std::vector<std::uint32_t>{0, 0, 1, 2, 4});
    CHECK(found("ab").empty());
    CHECK(found("xxzzz") == std::vector<std::uint32_t>{3});
}

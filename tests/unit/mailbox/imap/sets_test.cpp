#include "mailbox/imap/sets.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

std::vector<std::string> texts(const std::vector<UidSet>& sets) {
    std::vector<std::string> out;
    for (const auto& set : sets) out.push_back(set.text);
    return out;
}

} // namespace

TEST_CASE("make_sets: neighbours become ranges, in order and once") {
    using Uids = std::vector<ImapUid>;
    const auto [uids, text] = GENERATE(table<Uids, std::string>({
        {{7}, "7"},
        {{3, 1, 2}, "1:3"},
        {{1, 3, 5}, "1,3,5"},
        {{9, 1, 2, 2, 4, 10}, "1:2,4,9:10"},
        {{4294967294, 4294967295}, "4294967294:4294967295"},
    }));
    CHECK(texts(make_sets(uids, 100)) == std::vector{text});
}

TEST_CASE("make_sets: nothing gives no set") { CHECK(make_sets({}, 10).empty()); }

TEST_CASE("make_sets: at most so many a set") {
    const auto sets = make_sets({1, 2, 3, 4, 5, 9}, 2);
    CHECK(texts(sets) == std::vector<std::string>{"1:2", "3:4", "5,9"});
    CHECK(sets[2].uids == std::vector<ImapUid>{5, 9});
}

TEST_CASE("make_sets: no set is longer than the limit, and none is lost") {
    std::vector<ImapUid> uids;
    for (ImapUid i = 0; i < 50'000; ++i) uids.push_back(4'000'000'000u + i * 3);
    std::vector<ImapUid> back;
    for (const auto& set : make_sets(uids, 1'000'000)) {
        CHECK(set.text.size() <= set_length_limit);
        const auto read = read_set(set.text, 1'000'000);
        REQUIRE(read);
        CHECK(*read == set.uids);
        back.insert(back.end(), read->begin(), read->end());
    }
    CHECK(back == uids);
}

TEST_CASE("read_set: ranges in either direction") {
    CHECK(read_set("4:2,9", 10) == std::vector<ImapUid>{2, 3, 4, 9});
    CHECK(read_set("4294967295", 1) == std::vector<ImapUid>{4294967295});
}

TEST_CASE("read_set: a lie about millions costs nothing") {
    CHECK_FALSE(read_set("1:4294967295", 1'000'000));
    CHECK_FALSE(read_set("1:5,6:10", 9));
    CHECK(read_set("1:5,6:10", 10)->size() == 10);
}

TEST_CASE("read_set: what is no set") {
    const auto text = GENERATE(as<std::string>{}, "*", "1:*", "0", "1,,2", "1:", "a", "-1", "4294967296");
    CHECK_FALSE(read_set(text, 100));
}

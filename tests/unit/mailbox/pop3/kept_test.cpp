#include "mailbox/pop3/kept.hpp"

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

TEST_CASE("pop3 kept: what was added is known in the next session, by UIDL and size") {
    const TemporaryDirectory dir;
    const std::vector<Pop3Kept::Message> messages{{"a b", 5}, {"c", 7}};
    REQUIRE(Pop3Kept::open(dir.file("kept"))->add(messages));
    const auto kept = Pop3Kept::open(dir.file("kept"));
    REQUIRE(kept);
    CHECK(kept->has("a b", 5));
    CHECK(kept->has("c", 7));
    CHECK_FALSE(kept->has("c", 8));
    CHECK_FALSE(kept->has("d", 7));
}

TEST_CASE("pop3 kept: half a line from a crash is not believed") {
    const TemporaryDirectory dir;
    const auto kept = Pop3Kept::open(dir.write("kept", "5 a\nrubbish\n7 abc"));
    REQUIRE(kept);
    CHECK(kept->has("a", 5));
    CHECK_FALSE(kept->has("abc", 7));
}

TEST_CASE("pop3 kept: what the server has lost is forgotten, so that the file does not grow for ever") {
    const TemporaryDirectory dir;
    auto kept = Pop3Kept::open(dir.file("kept"));
    REQUIRE(kept);
    std::vector<Pop3Kept::Message> messages;
    for (int i = 0; i < 10; ++i) messages.emplace_back("uid" + std::to_string(i), 5);
    REQUIRE(kept->add(messages));
    REQUIRE(kept->forget_others(std::span(messages).first(6)));
    CHECK(kept->has("uid9", 5));
    REQUIRE(kept->forget_others(std::span(messages).first(2)));
    CHECK(kept->has("uid1", 5));
    CHECK_FALSE(kept->has("uid9", 5));
    CHECK(read_file(dir.file("kept")).size() == 2 * 7);
}

#include <catch2/catch.hpp>

#include "evidence/pattern.hpp"

using namespace nixie;

TEST_CASE("Pattern: captures by name, without regard to case, line by line") {
    const auto pattern = Pattern::compile("^(?P<code>[0-9]+) (?P<diagnostic>no.*)$").value();
    Groups groups;
    REQUIRE(pattern.match("x\n550 NO WAY\ny", groups));
    CHECK(groups[Group::whole] == "550 NO WAY");
    CHECK(groups[Group::code] == "550");
    CHECK(groups[Group::diagnostic] == "NO WAY");
    CHECK(groups[Group::address].empty());
    CHECK(pattern.captures(Group::code));
    CHECK_FALSE(pattern.captures(Group::mta));
}

TEST_CASE("Pattern: what does not compile is an error that says so") {
    CHECK_FALSE(Pattern::compile("(").ok());
    CHECK_FALSE(Pattern::compile("(?P<place>x)").ok());
}

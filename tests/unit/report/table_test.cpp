#include <catch2/catch.hpp>

#include "report/table.hpp"

using namespace nixie;

TEST_CASE("table: columns are as wide as their widest cell, in characters") {
    Table table({{"WHO"}, {"N", Align::right}, {"WHY"}});
    table.add({"j\xC3\xBCrgen", "7", "full"});
    table.add({"ann", "1200", ""});
    CHECK(table.text() ==
          "WHO        N  WHY\n"
          "j\xC3\xBCrgen     7  full\n"
          "ann     1200\n");
}

TEST_CASE("table: control characters from mail stay out of the terminal") {
    Table table({{"WHY"}});
    table.add({"a\x1b[31m\nb"});
    CHECK(table.text() == "WHY\na?[31m b\n");
}

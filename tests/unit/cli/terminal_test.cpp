#include "cli/terminal.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

TEST_CASE("colours: only on a terminal that can, and that nobody has forbidden") {
    CHECK(colours_for(true, nullptr, "xterm-256color") == Colours::on);
    CHECK(colours_for(true, "", "xterm") == Colours::on); // no-color.org: set and not empty
    CHECK(colours_for(true, "1", "xterm") == Colours::off);
    CHECK(colours_for(true, nullptr, "dumb") == Colours::off);
    CHECK(colours_for(true, nullptr, nullptr) == Colours::off);
    CHECK(colours_for(false, nullptr, "xterm") == Colours::off);
}

#include <catch2/catch.hpp>

#include "unit/config/load_with.hpp"

using namespace nixie;

namespace {

constexpr const char* told_of_digests =
    "[[notify]]\nname = \"ops\"\nfile = \"/var/lib/nixie/digests\"\nevents = [\"digest\"]\n";

} // namespace

TEST_CASE("config: how often the digest comes, and where it goes") {
    const TemporaryDirectory dir;
    CHECK(load_with(dir, "").config->digest == DigestConfig{});
    const auto weekly = load_with(dir, "[digest]\nevery = \"1w\"\nfolder = \"Reports/Weekly\"");
    for (const auto& error : weekly.errors) UNSCOPED_INFO(error.text());
    REQUIRE(weekly.config);
    CHECK(weekly.config->digest == DigestConfig{std::chrono::hours(24 * 7), true, "Reports/Weekly"});

    const auto told = load_with(dir, std::string(told_of_digests) + "[digest]\nevery = \"1d\"\nfile = false");
    REQUIRE(told.config);
    CHECK(told.config->digest == DigestConfig{std::chrono::hours(24), false, "Reports"});
}

TEST_CASE("config: a digest that comes too often, goes nowhere or into a folder of bounces is refused") {
    const TemporaryDirectory dir;
    const auto [lines, complaint] = GENERATE(table<std::string, std::string>({
        {"every = \"59m\"", "`every` is shorter than an hour"},
        {"every = \"weekly\"", "`every` is no length of time"},
        {"every = \"1w\"\nfile = false", "the digest goes nowhere"},
        {"folder = \"bad-mailbox\"", "`folder` is no name for a folder of reports"},
        {"folder = \"\"", "`folder` is no name for a folder of reports"},
        {"mail = \"ops@example.org\"", "unknown key `mail` in [digest]"},
    }));
    const auto result = load_with(dir, "[digest]\n" + lines);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == complaint);
    CHECK_FALSE(result.errors[0].where.empty());
}

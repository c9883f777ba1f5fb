#include <catch2/catch.hpp>

#include "unit/config/load_with.hpp"

using namespace nixie;

TEST_CASE("config: addresses are kept plain, or hashed with a key") {
    const TemporaryDirectory dir;
    CHECK_FALSE(load_with(dir, "").config->privacy.hashed);
    CHECK_FALSE(load_with(dir, "[privacy]\naddresses = \"plain\"").config->privacy.hashed);
    const auto hashed = load_with(dir, "[privacy]\naddresses = \"hashed\"\nkey_file = \"/etc/nixie/address.key\"");
    REQUIRE(hashed.config);
    CHECK(hashed.config->privacy.hashed);
    CHECK(hashed.config->privacy.key_file == "/etc/nixie/address.key");
}

TEST_CASE("config: hashes without a key, and other ways to keep addresses, are refused") {
    const TemporaryDirectory dir;
    const auto [lines, complaint] = GENERATE(table<std::string, std::string>({
        {"addresses = \"hashed\"", "hashed addresses need `key_file`, an absolute path"},
        {"addresses = \"hashed\"\nkey_file = \"address.key\"", "hashed addresses need `key_file`, an absolute path"},
        {"addresses = \"encrypted\"", "`addresses` may not be `encrypted`"},
        {"addresses = true", "`addresses` in [privacy] must be a text in quotes"},
        {"key = \"secret\"", "unknown key `key` in [privacy]"},
    }));
    const auto result = load_with(dir, "[privacy]\n" + lines);
    REQUIRE(result.errors.size() == 1);
    CHECK(result.errors[0].what == complaint);
    CHECK_FALSE(result.errors[0].where.empty());
}

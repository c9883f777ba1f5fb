#include "auth/cache.hpp"

#include <sys/stat.h>

#include <filesystem>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "support/whole_file.hpp"

using namespace nixie;

namespace {

const Token token{"access", "refresh", Time{std::chrono::seconds{1000}}, Time{std::chrono::seconds{4600}}};

mode_t mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

} // namespace

TEST_CASE("token cache: what is saved is found again, in a file that only its owner may read") {
    const TemporaryDirectory dir;
    const TokenCache cache(dir.file("nixie.db.tokens/bounces.json"), "me");
    CHECK_FALSE(cache.load().value());
    ::umask(0);
    const auto lock = cache.lock();
    REQUIRE(lock);
    REQUIRE(cache.save(token));
    ::umask(022);
    const auto found = cache.load();
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->access == "access");
    CHECK((*found)->refresh == "refresh");
    CHECK((*found)->expires == token.expires);
    CHECK(mode_of(cache.file()) == 0600);
    CHECK(mode_of(cache.file() + ".lock") == 0600);
    CHECK(mode_of(dir.file("nixie.db.tokens")) == 0700);
}

TEST_CASE("token cache: a new token replaces the file as a whole, also after a crash in the middle") {
    const TemporaryDirectory dir;
    const TokenCache cache(dir.file("tokens/a.json"), "me");
    REQUIRE(cache.save(token));
    write_file(cache.file() + ".new", "half a tok");
    Token next = token;
    next.access = "next";
    REQUIRE(cache.save(next));
    CHECK((*cache.load())->access == "next");
    CHECK_FALSE(std::filesystem::exists(cache.file() + ".new"));
}

TEST_CASE("token cache: the tokens of another account or application are not taken") {
    const TemporaryDirectory dir;
    REQUIRE(TokenCache(dir.file("tokens/a.json"), "me").save(token));
    const auto found = TokenCache(dir.file("tokens/a.json"), "you").load();
    REQUIRE(found);
    CHECK_FALSE(*found);
}

TEST_CASE("token cache: a file that others may read, or that is no token, is an error with a remedy") {
    const TemporaryDirectory dir;
    const TokenCache cache(dir.file("tokens/a.json"), "me");
    REQUIRE(cache.save(token));
    SECTION("readable by others") { ::chmod(cache.file().c_str(), 0640); }
    SECTION("rubbish") {
        write_file(cache.file(), "{\"access_token\":");
        ::chmod(cache.file().c_str(), 0600);
    }
    const auto found = cache.load();
    REQUIRE_FALSE(found);
    CHECK(found.error().code == ErrorCode::config);
    CHECK_FALSE(found.error().remedy.empty());
}

TEST_CASE("token cache: forgetting tells whether there was something") {
    const TemporaryDirectory dir;
    const TokenCache cache(dir.file("tokens/a.json"), "me");
    REQUIRE(cache.save(token));
    CHECK(cache.forget().value());
    CHECK_FALSE(cache.forget().value());
}

TEST_CASE("token: it is fresh until minutes before its end, or until a tenth of a short life is left") {
    using Row = std::tuple<int, int, bool>;
    const auto [life, age, fresh] = GENERATE(table<int, int, bool>(
        {Row{3600, 0, true}, Row{3600, 3299, true}, Row{3600, 3300, false}, Row{100, 89, true}, Row{100, 90, false}}));
    const Time start{std::chrono::seconds{1000}};
    CHECK(is_fresh({"a", "", start, start + Duration{life}}, start + Duration{age}) == fresh);
}

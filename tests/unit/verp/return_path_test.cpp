#include <catch2/catch.hpp>

#include "verp/return_path.hpp"

using namespace nixie;

namespace {

constexpr Time noon{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z
constexpr std::chrono::hours day{24};
constexpr const char* base = "bounces@news.example";

const std::vector<ReturnPathKey> ring{{"b", "a second secret of the ring"}, {"a", "an older secret of the ring"}};

std::string signed_for(const std::string& recipient, const std::string& mailing = "spring") {
    const auto made = sign_return_path(base, recipient, mailing, ring, noon + 7 * day);
    if (!made) FAIL(made.error().text());
    return *made;
}
ReturnPathFault fault(const std::string& address, Time now = noon) {
    return check_return_path(base, address, ring, now).fault;
}

} // namespace

TEST_CASE("return path: what was signed is believed, and says to whom and in which mailing") {
    const std::string address = signed_for("Ann.Lee+x@Example.org");
    CHECK_THAT(address,
               Catch::StartsWith("bounces+v1.b.") && Catch::EndsWith(".spring.ann.lee+x=example.org@news.example"));
    const auto check = check_return_path(base, address, ring, noon);
    CHECK(check.fault == ReturnPathFault::none);
    CHECK(check.claim.recipient == "ann.lee+x@example.org");
    CHECK(check.claim.mailing == "spring");
    CHECK(check.claim.key == "b");
    CHECK(format_time(check.claim.expires) == "2026-11-29T00:00:00Z");
}

TEST_CASE("return path: another case is the same address") {
    std::string address = signed_for("ann@example.org");
    for (char& c : address)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    CHECK(fault(address) == ReturnPathFault::none);
}

TEST_CASE("return path: every changed character is noticed") {
    const std::string address = signed_for("ann@example.org");
    const auto begin = address.find("v1.") + 3;
    const auto end = address.find('@');
    for (std::size_t i = begin; i < end; ++i) {
        std::string changed = address;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        INFO(changed);
        CHECK(fault(changed) != ReturnPathFault::none);
    }
    CHECK(check_return_path("other@news.example", "other" + address.substr(7), ring, noon).fault ==
          ReturnPathFault::forged);
}

TEST_CASE("return path: it holds until the end of its last day") {
    const std::string address = signed_for("ann@example.org");
    CHECK(fault(address, noon + 7 * day + std::chrono::hours(11)) == ReturnPathFault::none);
    CHECK(fault(address, noon + 7 * day + std::chrono::hours(12)) == ReturnPathFault::expired);
}

TEST_CASE("return path: an older key of the ring is still believed, one that was taken out is not") {
    const std::vector<ReturnPathKey> before{ring[1]};
    const auto old = sign_return_path(base, "ann@example.org", "", before, noon + day);
    REQUIRE(old);
    CHECK(fault(*old) == ReturnPathFault::none);
    const std::vector<ReturnPathKey> after{ring[0]};
    CHECK(check_return_path(base, *old, after, noon).fault == ReturnPathFault::unknown_key);
}

TEST_CASE("return path: a recipient that would make it too long is left out, and the mailing is still proven") {
    const std::string address = signed_for("somebody.with.a.rather.long.name@department.example.org");
    CHECK(address.find('@') <= 64);
    const auto check = check_return_path(base, address, ring, noon);
    CHECK(check.fault == ReturnPathFault::none);
    CHECK(check.claim.recipient.empty());
    CHECK(check.claim.mailing == "spring");
}

TEST_CASE("return path: what is none of ours is unsigned, what only looks like it is malformed") {
    struct Case {
        const char* address;
        ReturnPathFault fault;
    };
    const Case cases[] = {
        {"", ReturnPathFault::unsigned_},
        {"@", ReturnPathFault::unsigned_},
        {"bounces@news.example", ReturnPathFault::unsigned_},
        {"bounces+ann=example.org@news.example", ReturnPathFault::unsigned_},
        {"bounces+v1.b.fxx.aaaaaaaaaaaaaaaa.m.ann=example.org@elsewhere.example", ReturnPathFault::unsigned_},
        {"bounces+v1@news.example", ReturnPathFault::malformed},
        {"bounces+v1.b.fxx.short.m.ann=example.org@news.example", ReturnPathFault::malformed},
        {"bounces+v1.b.zzzzzzzzzzzz.aaaaaaaaaaaaaaaa.m.@news.example", ReturnPathFault::malformed},
        {"bounces+v1.b.-1.aaaaaaaaaaaaaaaa.m.@news.example", ReturnPathFault::malformed},
        {"bounces+v1.b.fxx.aaaaaaaaaaaaaaaa.m.ann@news.example", ReturnPathFault::malformed},
        {"bounces+v1.b.fxx.aaaaaaaaaaaaaaaa.m.ann=example.org@news.example", ReturnPathFault::forged},
        {"bounces+v1.c.fxx.aaaaaaaaaaaaaaaa.m.ann=example.org@news.example", ReturnPathFault::unknown_key}};
    for (const auto& one : cases) {
        INFO(one.address);
        CHECK(name(fault(one.address)) == name(one.fault));
    }
}

TEST_CASE("return path: what cannot be signed is refused with a remedy") {
    CHECK_FALSE(sign_return_path(base, "nobody", "", ring, noon));
    CHECK_FALSE(sign_return_path(base, "a b@example.org", "", ring, noon));
    CHECK_FALSE(sign_return_path(base, "ann@example.org", "spring.sale", ring, noon));
    CHECK_FALSE(sign_return_path(base, "ann@example.org", std::string(25, 'm'), ring, noon));
    CHECK_FALSE(sign_return_path(base, "ann@example.org", "", {}, noon));
    CHECK_FALSE(sign_return_path("bounces", "ann@example.org", "", ring, noon));
    CHECK_FALSE(sign_return_path(std::string(60, 'b') + "@news.example", "ann@example.org", "", ring, noon));
}

TEST_CASE("key ring: a line a key, the first one signs; mistakes name their line") {
    const auto keys = read_key_ring("# ours\n\nk2  0123456789abcdef0123\nk1 fedcba98765432100000\r\n", "ring");
    REQUIRE(keys);
    REQUIRE(keys->size() == 2);
    CHECK(keys->front().id == "k2");
    CHECK(keys->back().secret == "fedcba98765432100000");
    for (const std::string wrong : {"", "k1\n", "k1 short\n", "K1 0123456789abcdef\n", "toolongid 0123456789abcdef\n",
                                    "k1 0123456789abcdef\nk1 0123456789abcdef\n"}) {
        INFO(wrong);
        const auto refused = read_key_ring(wrong, "ring");
        REQUIRE_FALSE(refused);
        CHECK_THAT(refused.error().where, Catch::StartsWith("ring:"));
    }
}

TEST_CASE("return path: found wherever a message has it, in any case and encoding") {
    const std::string address = signed_for("ann@example.org");
    const std::string other = signed_for("bob@example.org");
    std::string encoded = other;
    encoded.replace(encoded.find("bob=example"), 11, "bob=3De=\r\nxample");
    std::string shouted = address;
    for (char& c : shouted)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    const std::string message = "To: <" + shouted +
                                ">\r\nSubject: a+b bounces+v1. bounces+x\r\n\r\nReturn-Path: " + encoded +
                                "\r\nAgain: " + address + "\r\n";
    CHECK(find_return_paths(base, message) == std::vector<std::string>{address, other});
    CHECK(find_return_paths(base, "").empty());
    CHECK(find_return_paths(base, "bounces+v1.").empty());
    CHECK(find_return_paths(base, "bounces+v1.a b@news.example").empty());
}

TEST_CASE("return path: a message full of them is read in bounded time and space") {
    std::string message;
    for (int i = 0; i < 100'000; ++i) message += "bounces+v1.b." + std::to_string(i) + ".m.@news.example\n";
    CHECK(find_return_paths(base, message).size() == most_return_paths);
    CHECK(find_return_paths(base, std::string(1'000'000, '+')).empty());
}

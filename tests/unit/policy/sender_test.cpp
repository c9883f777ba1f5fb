#include "nixie/sender.hpp"

#include <catch2/catch.hpp>

using namespace nixie;

namespace {

const SenderPolicy policy;

Tally bounced(std::int64_t hard, std::int64_t soft, std::int64_t blocked, std::int64_t sent = 0) {
    return {sent, hard, soft, blocked};
}

} // namespace

TEST_CASE("rate: two in a hundred warn, five alarm, and little mail does neither") {
    const auto [sent, bounces, level] = GENERATE(table<std::int64_t, std::int64_t, RateLevel>({
        {0, 500, RateLevel::unknown},
        {1000, 0, RateLevel::good},
        {1000, 19, RateLevel::good},
        {1000, 20, RateLevel::warning},
        {1000, 49, RateLevel::warning},
        {1000, 50, RateLevel::alarm},
        {99, 99, RateLevel::good},
        {100, 5, RateLevel::alarm},
    }));
    CAPTURE(sent, bounces);
    CHECK(rate_level(bounced(bounces, 0, 0, sent), policy) == level);
    CHECK(rate_level(bounced(0, bounces, 0, sent), policy) == level);
}

TEST_CASE("suspect: one blocked reason makes up most of all bounces") {
    CHECK(suspect_reason(Reason::blocked, bounced(0, 0, 30), bounced(20, 10, 30), policy) ==
          "the sender is refused: 30 of 60 bounces (50 %) are blocked as blocked");
    CHECK(suspect_reason(Reason::blocked, bounced(0, 0, 29), bounced(20, 11, 29), policy).empty());
    CHECK(suspect_reason(Reason::blocked, bounced(0, 0, 49), bounced(0, 0, 49), policy).empty()); // too few
}

TEST_CASE("suspect: hosts unknown everywhere are a broken name server of one's own, users unknown are not") {
    CHECK_FALSE(suspect_reason(Reason::host_unknown, bounced(80, 0, 0), bounced(90, 0, 10), policy).empty());
    CHECK(suspect_reason(Reason::host_unknown, bounced(50, 0, 0), bounced(90, 0, 10), policy).empty());
    CHECK(suspect_reason(Reason::user_unknown, bounced(100, 0, 0), bounced(100, 0, 0), policy).empty());
}

TEST_CASE("suspect: one provider far above its share of the week before") {
    const auto suspect = [](std::int64_t now, std::int64_t before) {
        return !suspect_provider("example.net", bounced(now, 0, 0), bounced(100, 0, 0), bounced(before, 0, 0),
                                 bounced(1000, 0, 0), policy)
                    .empty();
    };
    CHECK(suspect(90, 200));
    CHECK_FALSE(suspect(79, 200));
    CHECK_FALSE(suspect(90, 500)); // it always was that large
    CHECK(
        suspect_provider("example.net", bounced(90, 0, 0), bounced(100, 0, 0), {}, bounced(10, 0, 0), policy).empty());
}

TEST_CASE("suspect: nearly everything sent of a mailing bounces") {
    CHECK_FALSE(suspect_mailing("autumn", bounced(30, 10, 20, 100), 0, 0, policy).empty());
    CHECK(suspect_mailing("autumn", bounced(30, 10, 20, 1000), 0, 0, policy).empty());
    CHECK(suspect_mailing("autumn", bounced(30, 0, 0, 40), 0, 0, policy).empty()); // too few
}

TEST_CASE("suspect: without a count of what was sent a mailing is compared with earlier ones") {
    CHECK_FALSE(suspect_mailing("autumn", bounced(100, 0, 0), 3, 30, policy).empty());
    CHECK(suspect_mailing("autumn", bounced(99, 0, 0), 3, 30, policy).empty());
    CHECK(suspect_mailing("autumn", bounced(1000, 0, 0), 2, 20, policy).empty()); // too few to compare with
}

// What is counted for metrics.
#include <map>

#include "unit/store/journal.hpp"

using namespace nixie;
using Uids = std::vector<std::string>;

namespace {

std::map<std::string, std::int64_t> counts(Journal& journal, const std::string& metric) {
    std::map<std::string, std::int64_t> out;
    for (const auto& counter : must(journal.store.figures(journal.policy, noon)).counters)
        if (counter.metric == metric) out[counter.mailbox + " " + counter.label] = counter.value;
    return out;
}

using Counts = std::map<std::string, std::int64_t>;

} // namespace

TEST_CASE("figures: messages by kind, bounces by type and category, each once") {
    Journal journal;
    auto two = hard_bounce("1", "ann@example.org", noon);
    two.bounces.push_back(bounce_of("bob@example.org", BounceType::soft));
    journal.record(two);
    journal.record(message_of("2", Kind::complaint, noon));
    auto copy = two;
    copy.key.uid = "3";
    journal.record(copy);
    CHECK(counts(journal, "messages") == Counts{{"bounces bounce", 1}, {"bounces complaint", 1}});
    CHECK(counts(journal, "bounces") == Counts{{"bounces hard/bad-mailbox", 1}, {"bounces soft/quota-issues", 1}});
}

TEST_CASE("figures: a message in quarantine was not read and is of no kind") {
    Journal journal;
    auto broken = message_of("1", Kind::other, noon);
    broken.failure = "it could not be read";
    journal.record(broken);
    CHECK(counts(journal, "messages").empty());
}

TEST_CASE("figures: what retention removes is not taken back") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    must(journal.store.filed("bounces", "7", Uids{"1"}, noon));
    const auto before = counts(journal, "bounces");
    CHECK(must(journal.store.prune({std::chrono::hours(24), {}, {}}, journal.policy, noon + 48 * hour)).messages == 1);
    CHECK(counts(journal, "bounces") == before);
    CHECK(counts(journal, "messages") == Counts{{"bounces bounce", 1}});
    CHECK(counts(journal, "latency") == Counts{{"bounces 5", 1}});
}

TEST_CASE("figures: the time from arrival to filing is counted in classes, a copy's not at all") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "bob@example.org", noon - hour));
    journal.record(hard_bounce("3", "cay@example.org", noon - 24 * 30 * hour));
    journal.record(hard_bounce("4", "dan@example.org", noon + hour)); // the server's clock is ahead
    auto copy = hard_bounce("1", "ann@example.org", noon - 2 * hour);
    copy.key.uid = "5";
    journal.record(copy);
    must(journal.store.filed("bounces", "7", Uids{"1", "2", "3", "4", "5"}, noon));
    must(journal.store.filed("bounces", "7", Uids{"1", "2"}, noon + hour)); // told twice
    CHECK(counts(journal, "latency") == Counts{{"bounces 5", 2}, {"bounces 3600", 1}, {"bounces inf", 1}});
    CHECK(counts(journal, "latency-sum") == Counts{{"bounces ", 3600 + 24 * 30 * 3600}});
}

TEST_CASE("figures: errors by mailbox and cause") {
    Journal journal;
    must(journal.store.count_errors("bounces", std::vector{ErrorCode::unavailable, ErrorCode::refused_login}));
    must(journal.store.count_errors("bounces", std::vector{ErrorCode::unavailable}));
    CHECK(counts(journal, "errors") == Counts{{"bounces unavailable", 2}, {"bounces refused-login", 1}});
    CHECK(must(journal.store.figures(journal.policy, noon)).bytes > 4096);
}

TEST_CASE("figures: every cause has a name of its own") {
    CHECK(cause_name(ErrorCode::usage) == "usage");
    CHECK(cause_name(ErrorCode::no_room) == "no-room");
    CHECK(cause_name(ErrorCode::interrupted) == cause_names().back());
}

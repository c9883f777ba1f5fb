#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

constexpr std::chrono::hours day{24};

std::int64_t count(const Journal& journal, const std::string& what) {
    return SQLite::Database(journal.path, SQLite::OPEN_READONLY).execAndGet("SELECT count(*) FROM " + what).getInt64();
}
void file_all(Journal& journal, Time now) {
    std::vector<std::string> uids;
    for (const auto& one : must(journal.store.unfiled("bounces", "7"))) uids.push_back(one.uid);
    must(journal.store.filed("bounces", "7", uids, now));
}

} // namespace

TEST_CASE("check: a journal at work is whole") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "bob@example.org", noon));
    must(journal.store.take_due(journal.policy, noon + hour));
    must(
        journal.store.carry_out(Order::suppress, std::vector<std::string>{"cy@example.org"}, "", journal.policy, noon));
    CHECK(must(journal.store.check()).empty());
    CHECK(must(must(Store::open(journal.path, StoreAccess::read)).check()).empty());
}

TEST_CASE("check: says what contradicts itself") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "bob@example.org", noon));
    const auto [sql, problem] = GENERATE(table<std::string, std::string>({
        {"DELETE FROM suppressions", "bob@example.org is suppressed, but not among the suppressions"},
        {"UPDATE recipients SET state = 'clear' WHERE id = 2", "bob@example.org is among the suppressions, but clear"},
        {"DELETE FROM retries", "ann@example.org waits in no window"},
        {"DELETE FROM message_rows WHERE id = 1",
         "a row of bounce_rows refers to a row of message_rows that is not there"},
    }));
    journal.execute(sql);
    CHECK(must(journal.store.check()) == std::vector{problem});
}

TEST_CASE("backup: a whole copy for its owner alone, and never over another file") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    const auto copy = journal.directory.file("copy.db");
    must(journal.store.back_up(copy));
    CHECK(journal.directory.listing().count("copy.db.part") == 0);
    struct stat status {};
    REQUIRE(::stat(copy.c_str(), &status) == 0);
    CHECK((status.st_mode & 07777) == 0600);
    auto store = must(Store::open(copy, StoreAccess::write));
    CHECK(must(store.recipient("ann@example.org"))->history.state == State::waiting);
    CHECK(must(store.check()).empty());

    const auto again = journal.store.back_up(copy);
    REQUIRE_FALSE(again);
    CHECK(again.error().remedy == "name a file that is not there yet");
    CHECK_FALSE(journal.store.back_up(journal.directory.file("missing/copy.db")));
}

TEST_CASE("vacuum: gives back the space of what was removed") {
    Journal journal;
    std::vector<MessageRecord> messages;
    for (int i = 0; i < 2000; ++i)
        messages.push_back(soft_bounce(std::to_string(i), "r" + std::to_string(i) + "@example.org", noon));
    must(journal.store.record(messages, journal.policy, noon, Events::drop));
    must(journal.store.vacuum());
    const auto before = std::filesystem::file_size(journal.path);
    file_all(journal, noon);
    while (must(journal.store.prune({day, {}, {}}, journal.policy, noon + 9 * day)).messages > 0) {
    }
    must(journal.store.vacuum());
    CHECK(std::filesystem::file_size(journal.path) < before / 4 * 3); // addresses and where they stand stay
}

TEST_CASE("prune: what is old and filed goes, and where recipients stand stays") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    journal.record(soft_bounce("2", "bob@example.org", noon));
    file_all(journal, noon);
    journal.record(soft_bounce("3", "cy@example.org", noon)); // not filed yet
    journal.record(soft_bounce("4", "bob@example.org", noon + 10 * day));
    const auto before = journal.recipient("bob@example.org").history;
    const Retention retention{5 * day, {}, {}};
    CHECK(must(journal.store.prune(retention, journal.policy, noon + 10 * day)).messages == 2);
    CHECK(must(journal.store.prune(retention, journal.policy, noon + 10 * day)).messages == 0);
    CHECK(journal.recipient("ann@example.org").events.empty());
    CHECK(journal.recipient("ann@example.org").history.state == State::suppressed);
    CHECK(journal.recipient("bob@example.org").history == before);
    CHECK(journal.recipient("bob@example.org").events.size() == 1);
    CHECK(journal.recipient("cy@example.org").events.size() == 1);
    CHECK(must(journal.store.check()).empty());
    CHECK(count(journal, "messages") == 2);
}

TEST_CASE("prune: a verdict that is corrected afterwards builds on what the removed reports had led to") {
    Journal journal;
    journal.policy.thresholds.soft = {3, 300 * day};
    for (int i = 0; i < 2; ++i) journal.record(soft_bounce(std::to_string(i), "ann@example.org", noon + i * 20 * day));
    file_all(journal, noon + 20 * day);
    journal.record(hard_bounce("2", "ann@example.org", noon + 40 * day));
    CHECK(must(journal.store.prune({10 * day, {}, {}}, journal.policy, noon + 40 * day)).messages == 2);
    CorrectVerdict soft;
    soft.reason = Reason::mailbox_full;
    CHECK(must(journal.store.correct("ann@example.org", soft, journal.policy, noon + 40 * day)) == State::exhausted);
}

TEST_CASE("prune: delivered events and old counts go, what waits stays") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    const auto events = must(journal.store.outbox(10, noon));
    REQUIRE(events.size() == 2);
    journal.tell(events[0], noon);
    const Retention retention{{}, 30 * day, 100 * day};
    CHECK(must(journal.store.prune(retention, journal.policy, noon + 29 * day)).events == 0);
    CHECK(must(journal.store.prune(retention, journal.policy, noon + 31 * day)).events == 1);
    CHECK(journal.event_types() == std::vector<std::string>{"suppressed"});
    CHECK(count(journal, "outbox_deliveries") == 0);
    CHECK(count(journal, "tallies") > 0);
    CHECK(count(journal, "domain_days") > 0);
    must(journal.store.prune(retention, journal.policy, noon + 200 * day));
    CHECK(count(journal, "tallies") == 0);
    CHECK(count(journal, "domain_days") == 0);
}

TEST_CASE("correct: a wrong verdict takes its consequences back") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "ann@example.org", noon + 2 * hour));
    REQUIRE(journal.recipient("ann@example.org").history.state == State::suppressed);
    CorrectVerdict verdict;
    SECTION("it was soft") {
        verdict.reason = Reason::mailbox_full;
        CHECK(must(journal.store.correct("Ann@example.org", verdict, journal.policy, noon + 3 * hour)) ==
              State::waiting);
        const auto ann = journal.recipient("ann@example.org");
        CHECK(ann.history.window == 1);
        CHECK(ann.history.hard_bounces == 0);
        CHECK(ann.events.front().bounce.type == BounceType::soft);
        CHECK(ann.events.front().bounce.category == Category::quota_issues);
        CHECK(ann.events.front().decision == Action::retry);
    }
    SECTION("it was blocked") {
        verdict.type = BounceType::blocked;
        must(journal.store.correct("ann@example.org", verdict, journal.policy, noon + 2 * hour));
        CHECK(journal.recipient("ann@example.org").history.blocked_bounces == 1);
        CHECK(journal.recipient("ann@example.org").history.window == 0);
    }
    SECTION("it said nothing about the address") {
        verdict.is_void = true;
        CHECK(must(journal.store.correct("ann@example.org", verdict, journal.policy, noon + 2 * hour)) == State::due);
        CHECK(journal.recipient("ann@example.org").history.soft_bounces == 1);
    }
    std::size_t suppressed = 0;
    must(journal.store.suppressions([&](const Suppression&) { ++suppressed; }));
    CHECK(suppressed == 0);
    CHECK(must(journal.store.check()).empty());
    CHECK_FALSE(must(journal.store.correct("nobody@example.org", verdict, journal.policy, noon)));
}

TEST_CASE("correct: what people did by command outlasts it") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    must(journal.store.carry_out(Order::suppress, std::vector<std::string>{"ann@example.org"}, "", journal.policy,
                                 noon + hour));
    CorrectVerdict verdict;
    verdict.type = BounceType::blocked;
    CHECK(must(journal.store.correct("ann@example.org", verdict, journal.policy, noon + hour)) == State::suppressed);
    CHECK(journal.recipient("ann@example.org").history.ground == Ground::person);
}

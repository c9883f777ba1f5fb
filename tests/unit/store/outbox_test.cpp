// Events on their way to the outside: each way has its own progress.
#include "unit/store/journal.hpp"

using namespace nixie;
using Ways = std::vector<std::string>;
using Ids = std::vector<std::int64_t>;

namespace {

/// All events, to be told by these ways.
void address_all(Journal& journal, const Ways& ways) {
    for (const auto& event : must(journal.store.outbox(1000, noon + 1000 * hour)))
        must(journal.store.address(event.id, ways, noon));
}

std::vector<Delivery> ready_for(Journal& journal, const std::string& way, Time now) {
    return must(journal.store.deliveries(way, 100, now));
}

OutboxStatus outbox_of(Journal& journal) { return must(journal.store.status(journal.policy, noon, 1)).outbox; }

} // namespace

TEST_CASE("outbox: what one way was told, another is still to be told") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    address_all(journal, {"a", "b"});
    CHECK(must(journal.store.outbox(10, noon)).empty());
    must(journal.store.delivered(ready_for(journal, "a", noon).front().id, noon));
    CHECK(ready_for(journal, "a", noon + hour).empty());
    const auto left = ready_for(journal, "b", noon);
    REQUIRE(left.size() == 1);
    CHECK(left[0].event.type == "bounce");
    CHECK(left[0].event.mailbox == "bounces");
    CHECK(outbox_of(journal).waiting == 1);
}

TEST_CASE("outbox: an event that no way wants is done with") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    address_all(journal, {});
    CHECK(journal.event_types().empty());
    CHECK(outbox_of(journal).waiting == 0);
}

TEST_CASE("outbox: what failed comes again at its time, with the attempt counted") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    address_all(journal, {"a"});
    must(journal.store.failed(ready_for(journal, "a", noon).front().id, "HTTP status 503", noon, noon + hour));
    CHECK(ready_for(journal, "a", noon + hour - Duration{1}).empty());
    CHECK(must(journal.store.next_delivery("a", noon)) == noon + hour);
    REQUIRE(ready_for(journal, "a", noon + hour).size() == 1);
    CHECK(ready_for(journal, "a", noon + hour)[0].attempts == 1);
    CHECK(outbox_of(journal).failing == 1);
    CHECK(outbox_of(journal).last_error == "HTTP status 503");
}

TEST_CASE("outbox: a failed event holds back later ones of its recipient and way, and no others") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    journal.record(soft_bounce("2", "bob@example.org", noon));
    address_all(journal, {"a", "b"});
    const auto events = ready_for(journal, "a", noon);
    REQUIRE(events.size() == 3);
    must(journal.store.failed(events[0].id, "timeout", noon, noon + hour));
    REQUIRE(ready_for(journal, "a", noon).size() == 1);
    CHECK(ready_for(journal, "a", noon)[0].event.id == events[2].event.id);
    CHECK(ready_for(journal, "a", noon + hour).size() == 3);
    CHECK(ready_for(journal, "b", noon).size() == 3);
}

TEST_CASE("outbox: a dead letter is told no more, holds back nobody, and is told again when it is replayed") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    address_all(journal, {"a"});
    const auto first = ready_for(journal, "a", noon).front();
    must(journal.store.failed(first.id, "HTTP status 400", noon, std::nullopt));
    CHECK(ready_for(journal, "a", noon + hour).size() == 1);
    CHECK(outbox_of(journal).dead == 1);
    const auto dead = must(journal.store.undelivered(Store::Which::dead, 10));
    REQUIRE(dead.size() == 1);
    CHECK(dead[0].address == "ann@example.org");
    CHECK(dead[0].last_error == "HTTP status 400");
    CHECK(must(journal.store.replay({}, noon + hour)) == 1);
    CHECK(outbox_of(journal).dead == 0);
    const auto again = ready_for(journal, "a", noon + hour);
    REQUIRE(again.size() == 2);
    CHECK(again[0].attempts == 0);
    CHECK(again[0].since == noon + hour);
}

TEST_CASE("outbox: what is dropped is done with, but once told it cannot be dropped or replayed") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    address_all(journal, {"a"});
    const Ids id{ready_for(journal, "a", noon).front().id};
    CHECK(must(journal.store.drop(id, noon)) == 1);
    CHECK(must(journal.store.drop(id, noon)) == 0);
    CHECK(must(journal.store.replay(id, noon)) == 0);
    CHECK(must(journal.store.undelivered(Store::Which::all, 10)).empty());
    CHECK(outbox_of(journal).waiting == 0);
}

TEST_CASE("outbox: what a way that is configured no more was to tell becomes dead letters") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    address_all(journal, {"a", "b"});
    CHECK(must(journal.store.only_ways(Ways{"b"}, noon)) == 1);
    CHECK(ready_for(journal, "a", noon).empty());
    CHECK(ready_for(journal, "b", noon).size() == 1);
}

#include <nlohmann/json.hpp>

#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

constexpr std::chrono::hours week{24 * 7};
using Texts = std::vector<std::string>;

Advance advance(Journal& journal, Time now, Events events = Events::queue) {
    return must(journal.store.advance(journal.policy, now, events));
}
Texts taken(Journal& journal, Time now) {
    Texts out;
    for (const auto& one : must(journal.store.take_due(journal.policy, now))) out.push_back(one.address);
    return out;
}
nlohmann::json last_event(Journal& journal) {
    return nlohmann::json::parse(must(journal.store.outbox(1000, noon + 1000 * week)).back().body);
}

} // namespace

TEST_CASE("take_due: lists once, and what it listed awaits its outcome") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(soft_bounce("2", "bob@example.org", noon + hour));
    CHECK(taken(journal, noon + hour - std::chrono::seconds(1)).empty());
    CHECK(taken(journal, noon + hour) == Texts{"ann@example.org"});
    CHECK(taken(journal, noon + hour).empty());
    CHECK(journal.recipient("ann@example.org").history.state == State::retried);
    CHECK(journal.recipient("ann@example.org").interventions.front().command == "tried");
    CHECK(journal.recipient("bob@example.org").history.state == State::waiting);
    CHECK(must(journal.store.due(Store::Include::waiting, journal.policy, noon + hour)).size() == 1);
}

TEST_CASE("take_due: when it fails, nothing is marked") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.execute("CREATE TRIGGER t BEFORE INSERT ON interventions BEGIN SELECT raise(ABORT, 'no space'); END");
    CHECK_FALSE(journal.store.take_due(journal.policy, noon + hour));
    CHECK(must(journal.store.due(Store::Include::due, journal.policy, noon + hour)).size() == 1);
}

TEST_CASE("take_due: a bounce of the try moves on to the next window, and its silence recovers") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    taken(journal, noon + hour);
    SECTION("bounced") {
        journal.record(soft_bounce("2", "ann@example.org", noon + 2 * hour));
        CHECK(journal.recipient("ann@example.org").history.window == 1);
        CHECK(journal.recipient("ann@example.org").history.due_at == noon + 26 * hour);
    }
    SECTION("silent") {
        CHECK(advance(journal, noon + hour + week - std::chrono::seconds(1)).recovered == 0);
        CHECK(advance(journal, noon + hour + week).recovered == 1);
        CHECK(journal.recipient("ann@example.org").history.state == State::clear);
        CHECK(journal.event_types().back() == "recovered");
        CHECK(advance(journal, noon + hour + week).recovered == 0);
    }
}

TEST_CASE("advance: tells once of each window that ends") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    CHECK(advance(journal, noon).due == 0);
    CHECK(advance(journal, noon + hour).due == 1);
    CHECK(advance(journal, noon + 2 * hour).due == 0);
    CHECK(journal.event_types() == Texts{"bounce", "due"});
    const auto event = last_event(journal);
    CHECK(event["event"] == "due");
    CHECK(event["address"] == "ann@example.org");
    CHECK(event["due_at"] == format_time(noon + hour));
    CHECK(event["window"] == "1h");
    CHECK(event["reason"] == "mailbox-full");
    CHECK(event["original_message_id"] == "original-1@example.org");
    CHECK(event["campaign"] == "autumn");

    journal.record(soft_bounce("2", "ann@example.org", noon + 3 * hour));
    journal.record(soft_bounce("3", "ann@example.org", noon + 4 * hour)); // inside the window: tells nothing anew
    CHECK(advance(journal, noon + 27 * hour).due == 1);
    CHECK(last_event(journal)["window"] == "1d");
}

TEST_CASE("advance: a bounce inside a window that nobody was told of yet does not hide its end") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(soft_bounce("2", "ann@example.org", noon + hour / 2), noon + hour / 2);
    CHECK(advance(journal, noon + hour).due == 1);
}

TEST_CASE("advance: with nobody to tell, it is news when somebody asks") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    CHECK(advance(journal, noon + hour, Events::drop).due == 0);
    CHECK(advance(journal, noon + 2 * hour).due == 1);
    CHECK(advance(journal, noon + 2 * hour + week).due == 0);
}

TEST_CASE("advance: who was due and never tried is clear after a silence, and that is no news") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    advance(journal, noon + hour + week, Events::queue);
    CHECK(journal.recipient("ann@example.org").history.state == State::clear);
    CHECK(journal.event_types() == Texts{"bounce"});
}

TEST_CASE("advance: many become due in one pass") {
    Journal journal;
    std::vector<MessageRecord> messages;
    for (int i = 0; i < 2500; ++i)
        messages.push_back(soft_bounce(std::to_string(i), "r" + std::to_string(i) + "@example.org", noon));
    must(journal.store.record(messages, journal.policy, noon, Events::drop));
    CHECK(advance(journal, noon + hour).due == 2500);
    CHECK(journal.event_types().size() == 1000); // as many as were asked for
}

TEST_CASE("clock set back: what was recorded with a clock ten years ahead becomes due in time") {
    Journal journal;
    const Time ahead = noon + 520 * week;
    journal.record(soft_bounce("1", "ann@example.org", ahead));
    advance(journal, noon);
    const auto due_at = journal.recipient("ann@example.org").history.due_at;
    CHECK(due_at <= noon + week);
    CHECK(advance(journal, due_at).due == 1);
    journal.record(hard_bounce("2", "ann@example.org", noon + hour));
    CHECK(journal.recipient("ann@example.org").history.state == State::suppressed);
}

TEST_CASE("retry clock: a mailbox's own windows are those that are told, and that last") {
    Journal journal;
    RetryPolicies policies(journal.policy);
    journal.policy.windows = {2 * week};
    policies.set("bounces", journal.policy);
    journal.record(soft_bounce("1", "ann@example.org", noon));

    must(journal.store.advance(policies, noon + hour)); // which makes no longer window end sooner
    const auto waiting = must(journal.store.due(Store::Include::waiting, policies, noon + hour));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting[0].due_at == noon + 2 * week);
    CHECK(waiting[0].length == "2w");
    CHECK(must(journal.store.due(Store::Include::due, policies, noon + 2 * week)).size() == 1);
    CHECK(must(journal.store.advance(policies, noon + 2 * week)).due == 1);
    CHECK(last_event(journal)["window"] == "2w");
}

TEST_CASE("retry clock: a mailbox's own time to settle decides how long someone stays due") {
    Journal journal;
    RetryPolicies policies(journal.policy);
    journal.policy.settle = hour;
    policies.set("bounces", journal.policy);
    journal.record(soft_bounce("1", "ann@example.org", noon));
    for (const auto& [now, due] : {std::pair(noon + hour, 1), std::pair(noon + 3 * hour, 0)}) {
        CHECK(must(journal.store.due(Store::Include::due, policies, now)).size() == static_cast<std::size_t>(due));
        CHECK(must(journal.store.status(policies, now, 1)).recipients_due == due);
    }
}

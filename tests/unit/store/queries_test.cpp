#include <SQLiteCpp/SQLiteCpp.h>

#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

constexpr std::chrono::hours day{24}, week{24 * 7};
using Texts = std::vector<std::string>;

Texts addresses(const std::vector<DueRecipient>& all) {
    Texts out;
    for (const auto& one : all) out.push_back(one.address);
    return out;
}
Texts due(Journal& journal, Store::Include include, Time now) {
    return addresses(must(journal.store.due(include, journal.policy, now)));
}

/// The first column of each row, read as the sqlite3 shell would.
Texts column(const Journal& journal, const std::string& query) {
    SQLite::Database db(journal.path, SQLite::OPEN_READONLY);
    SQLite::Statement select(db, query);
    Texts out;
    while (select.executeStep()) out.push_back(select.getColumn(0).getString());
    return out;
}
Texts outcomes(const Journal& journal) {
    return column(journal, "SELECT window || ' ' || coalesce(outcome, 'open') FROM retries ORDER BY since, window");
}

} // namespace

TEST_CASE("recipient: found without case, named as first reported, its events newest first") {
    Journal journal;
    journal.record(soft_bounce("1", "Ann@Example.org", noon + hour));
    journal.record(soft_bounce("2", "ANN@example.org", noon));
    journal.record(soft_bounce("3", "ann@example.org", noon + 2 * hour));

    const auto ann = journal.recipient("aNN@eXample.org");
    CHECK(ann.address == "Ann@Example.org");
    REQUIRE(ann.events.size() == 3);
    CHECK(ann.events[0].arrived == noon + 2 * hour);
    CHECK(ann.events[1].arrived == noon + hour);
    CHECK(ann.events[2].arrived == noon);
    CHECK(ann.events[2].bounce.address == "ANN@example.org");
}

TEST_CASE("recipient: one never heard of is nothing") {
    Journal journal;
    CHECK_FALSE(must(journal.store.recipient("ann@example.org")));
}

TEST_CASE("due: an address is due when its window is over, and waits until then") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    CHECK(due(journal, Store::Include::due, noon + hour - Duration{1}).empty());

    const auto waiting = must(journal.store.due(Store::Include::waiting, journal.policy, noon));
    REQUIRE(waiting.size() == 1);
    CHECK(waiting.front().state == State::waiting);

    const auto now_due = must(journal.store.due(Store::Include::due, journal.policy, noon + hour));
    REQUIRE(now_due.size() == 1);
    const auto& ann = now_due.front();
    CHECK(ann.state == State::due);
    CHECK(ann.due_at == noon + hour);
    CHECK(ann.window == 0);
    CHECK(ann.soft_bounces == 1);
    CHECK(ann.reason == Reason::mailbox_full);
    CHECK(ann.diagnostic == "said of ann@example.org");
    CHECK(ann.original_message_id == "original-1@example.org");
}

TEST_CASE("due: earliest first, whatever the order of recording") {
    Journal journal;
    journal.record(soft_bounce("1", "late@example.org", noon + 2 * hour));
    journal.record(soft_bounce("2", "early@example.org", noon));
    journal.record(soft_bounce("3", "middle@example.org", noon + hour));
    CHECK(due(journal, Store::Include::due, noon + 2 * hour) == Texts{"early@example.org", "middle@example.org"});
    CHECK(due(journal, Store::Include::waiting, noon + 2 * hour) ==
          Texts{"early@example.org", "middle@example.org", "late@example.org"});
}

TEST_CASE("due: what stayed silent for the settle time is due no more") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    CHECK(due(journal, Store::Include::due, noon + hour + week - Duration{1}).size() == 1);
    CHECK(due(journal, Store::Include::waiting, noon + hour + week).empty());
}

TEST_CASE("due: tells of the bounce that arrived last, not of the one recorded last") {
    Journal journal;
    journal.record(soft_bounce("new", "ann@example.org", noon));
    journal.record(soft_bounce("old", "ann@example.org", noon - hour));
    journal.record(message_of("delayed", Kind::delayed, noon, {bounce_of("ann@example.org", BounceType::soft)}));
    const auto found = must(journal.store.due(Store::Include::waiting, journal.policy, noon));
    REQUIRE(found.size() == 1);
    CHECK(found.front().original_message_id == "original-new@example.org");
}

TEST_CASE("due: suppressed and exhausted addresses never are") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "ann@example.org", noon + Duration{1}));
    CHECK(due(journal, Store::Include::waiting, noon + Duration{1}).empty());
}

TEST_CASE("retries: every window entered has its outcome") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    CHECK(outcomes(journal) == Texts{"0 open"});
    journal.record(soft_bounce("2", "ann@example.org", noon + Duration{1})); // inside the window: counted only
    CHECK(outcomes(journal) == Texts{"0 open"});
    journal.record(soft_bounce("3", "ann@example.org", noon + 2 * hour));
    CHECK(outcomes(journal) == Texts{"0 bounced", "1 open"});

    SECTION("exhausted after the last") {
        journal.record(soft_bounce("4", "ann@example.org", noon + 2 * day));
        journal.record(soft_bounce("5", "ann@example.org", noon + 10 * day));
        CHECK(outcomes(journal) == Texts{"0 bounced", "1 bounced", "2 exhausted"});
    }
    SECTION("suppressed by a hard bounce") {
        journal.record(hard_bounce("4", "ann@example.org", noon + 3 * hour));
        CHECK(outcomes(journal) == Texts{"0 bounced", "1 suppressed"});
    }
    SECTION("cleared by a delivery") {
        journal.record(
            message_of("4", Kind::delivered, noon + 3 * hour, {bounce_of("ann@example.org", BounceType::soft)}));
        CHECK(outcomes(journal) == Texts{"0 bounced", "1 cleared"});
    }
    SECTION("silent if nothing came back for the settle time") {
        journal.record(soft_bounce("4", "ann@example.org", noon + 30 * day));
        CHECK(outcomes(journal) == Texts{"0 bounced", "1 silent", "0 open"});
    }
}

TEST_CASE("suppressions: an address is on the list from its first hard bounce until it is delivered to") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    journal.record(hard_bounce("2", "ann@example.org", noon + hour));
    const std::string query = R"sql(SELECT r.address || ' ' || s.since || ' ' || m.uid FROM suppressions AS s
        JOIN recipients AS r ON r.id = s.recipient JOIN bounces AS b ON b.id = s.bounce
        JOIN messages AS m ON m.id = b.message)sql";
    CHECK(column(journal, query) == Texts{"ann@example.org " + std::to_string(noon.time_since_epoch().count()) + " 1"});

    journal.record(message_of("3", Kind::delivered, noon + 2 * hour, {bounce_of("ann@example.org", BounceType::soft)}));
    CHECK(column(journal, query).empty());
    CHECK(journal.recipient("ann@example.org").history.state == State::clear);
}

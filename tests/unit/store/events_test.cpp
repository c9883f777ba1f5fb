#include <nlohmann/json.hpp>

#include "unit/store/journal.hpp"

using namespace nixie;
using nlohmann::json;
using Types = std::vector<std::string>;

namespace {

constexpr std::chrono::hours day{24}, week{24 * 7};

std::vector<OutboxEvent> ready(Journal& journal, Time now) { return must(journal.store.outbox(100, now)); }

} // namespace

TEST_CASE("events: a soft bounce is told with all that is known of it") {
    Journal journal;
    journal.record(soft_bounce("1", "Ann@example.org", noon));
    const auto events = ready(journal, noon);
    REQUIRE(events.size() == 1);
    CHECK(events[0].type == "bounce");
    CHECK(events[0].key == "2026-11-21T12:00:00Z/bounces/content-of-1/ann@example.org/bounce");
    CHECK(json::parse(events[0].body) ==
          json{{"event", "bounce"},
               {"key", "2026-11-21T12:00:00Z/bounces/content-of-1/ann@example.org/bounce"},
               {"address", "Ann@example.org"},
               {"reason", "mailbox-full"},
               {"category", "quota-issues"},
               {"type", "soft"},
               {"status", "4.2.2"},
               {"smtp_code", "452"},
               {"diagnostic", "said of Ann@example.org"},
               {"original_message_id", "original-1@example.org"},
               {"campaign", "autumn"},
               {"mailbox", "bounces"},
               {"arrived", "2026-11-21T12:00:00Z"},
               {"state", "waiting"},
               {"due_at", "2026-11-21T13:00:00Z"},
               {"decision", "retry"},
               {"cause", "soft bounce: another try is due after 1h"}});
}

TEST_CASE("events: the original's envelope id is told where the report has it") {
    Journal journal;
    auto message = soft_bounce("1", "ann@example.org", noon);
    message.original_envelope_id = "job=7";
    journal.record(message);
    CHECK(json::parse(ready(journal, noon).at(0).body).at("original_envelope_id") == "job=7");
}

TEST_CASE("events: a hard bounce is told, and that it suppresses; a second one suppresses nothing new") {
    Journal journal;
    journal.record(hard_bounce("1", "ann@example.org", noon));
    CHECK(journal.event_types() == Types{"bounce", "suppressed"});
    journal.record(hard_bounce("2", "ann@example.org", noon + hour));
    CHECK(journal.event_types() == Types{"bounce", "suppressed", "bounce"});
}

TEST_CASE("events: a complaint is told with its feedback type, and suppresses") {
    Journal journal;
    auto complaint = message_of("1", Kind::complaint, noon, {bounce_of("ann@example.org", BounceType::soft)});
    complaint.feedback_type = "abuse";
    journal.record(complaint);
    CHECK(journal.event_types() == Types{"complaint", "suppressed"});
    const auto body = json::parse(ready(journal, noon).front().body);
    CHECK(body["feedback_type"] == "abuse");
    CHECK_FALSE(body.contains("reason"));
}

TEST_CASE("events: delayed and delivered reports on a clear address are not worth telling") {
    Journal journal;
    journal.record(message_of("1", Kind::delayed, noon, {bounce_of("ann@example.org", BounceType::soft)}));
    journal.record(message_of("2", Kind::delivered, noon, {bounce_of("ann@example.org", BounceType::soft)}));
    CHECK(journal.event_types().empty());
}

TEST_CASE("events: a bounce after the last window is told as exhausted, a delivery then as recovered") {
    Journal journal;
    Time at = noon;
    journal.record(soft_bounce("1", "ann@example.org", at));
    for (const Duration window : {Duration{hour}, Duration{day}, Duration{week}}) {
        at += window + std::chrono::minutes{1};
        journal.record(soft_bounce(format_time(at), "ann@example.org", at));
    }
    CHECK(journal.event_types() == Types{"bounce", "bounce", "bounce", "bounce", "exhausted"});
    journal.record(message_of("9", Kind::delivered, at + hour, {bounce_of("ann@example.org", BounceType::soft)}));
    CHECK(journal.event_types().back() == "recovered");
}

TEST_CASE("events: bytes that are no UTF-8 do not keep a message from being recorded") {
    Journal journal;
    auto message = soft_bounce("1", "ann@example.org", noon);
    message.bounces.front().diagnostic = "caf\xE9";
    journal.record(message);
    CHECK(json::parse(ready(journal, noon).front().body)["diagnostic"] == "caf\xEF\xBF\xBD");
}

TEST_CASE("outbox: the oldest first, no more than asked for, and none before its time") {
    Journal journal;
    for (const std::string uid : {"1", "2", "3"}) journal.record(soft_bounce(uid, uid + "@example.org", noon));
    CHECK(ready(journal, noon - hour).empty());
    const auto two = must(journal.store.outbox(2, noon));
    REQUIRE(two.size() == 2);
    CHECK(two[0].id < two[1].id);
    CHECK(two[0].key == "2026-11-21T12:00:00Z/bounces/content-of-1/1@example.org/bounce");
}

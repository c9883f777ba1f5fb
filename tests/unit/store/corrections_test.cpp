// A person's answers, and other verdicts on what is recorded already.
#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

const std::string bad_mailbox = "Bounces/bad-mailbox";
const std::string quota = "Bounces/quota-issues";

MessageRecord recorded(Journal& journal, MessageRecord message, const std::string& folder) {
    message.folder = folder;
    journal.record(message);
    must(journal.store.filed("bounces", "7", std::vector{message.key.uid}, message.arrived,
                             std::vector<NewPlaces>{{folder, "1", {{message.key.uid, "in-" + message.key.uid}}}}));
    return message;
}

std::int64_t row_of(Journal& journal, const MessageRecord& message) {
    const auto rows = must(journal.store.messages_in("bounces", message.folder, std::vector{"in-" + message.key.uid}));
    REQUIRE(rows.front() != 0);
    return rows.front();
}

/// As the worker tells of a message that a person put into `folder`, where its bounces are of `type`.
void move(Journal& journal, const MessageRecord& judged, const std::string& folder, BounceType type, Time now,
          Kind kind = Kind::bounce) {
    Answer answer;
    answer.message = row_of(journal, judged);
    answer.folder = folder;
    answer.judged = judged;
    answer.corrected = judged;
    answer.corrected.kind = kind;
    for (auto& bounce : answer.corrected.bounces) bounce = bounce_of(bounce.address, type);
    must(journal.store.answer(std::vector{answer}, journal.policy, now));
}

} // namespace

TEST_CASE(
    "answer: a hard bounce that a person calls a full mailbox lets the address wait as if it had always been one") {
    Journal journal;
    const auto message = recorded(journal, hard_bounce("1", "ann@example.org", noon), bad_mailbox);
    REQUIRE(journal.recipient("ann@example.org").history.state == State::suppressed);
    move(journal, message, quota, BounceType::soft, noon + hour);

    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.state == State::waiting);
    CHECK(ann.history.hard_bounces == 0);
    CHECK(ann.history.soft_bounces == 1);
    CHECK(ann.history.due_at == noon + hour);
    REQUIRE(ann.events.size() == 1);
    CHECK(ann.events.front().bounce.category == Category::quota_issues);
    CHECK(ann.events.front().folder == quota);
    CHECK(ann.events.front().moved_from == bad_mailbox);
    CHECK(ann.events.front().decision == Action::retry);
    CHECK(journal.event_types() == std::vector<std::string>{"bounce", "suppressed", "corrected", "recovered"});
    const auto due = must(journal.store.due(Store::Include::due, journal.policy, noon + 2 * hour));
    REQUIRE(due.size() == 1);
    CHECK(due.front().reason == Reason::mailbox_full);
}

TEST_CASE("answer: it is shown with whom it concerns, and withdrawn when the message is moved back") {
    Journal journal;
    const auto message = recorded(journal, hard_bounce("1", "ann@example.org", noon), bad_mailbox);
    move(journal, message, quota, BounceType::soft, noon + hour);
    const auto made = must(journal.store.corrections({}));
    REQUIRE(made.size() == 1);
    CHECK(made.front().from == bad_mailbox);
    CHECK(made.front().to == quota);
    CHECK(made.front().by == "moved");
    CHECK(made.front().seen == noon + hour);
    CHECK(made.front().withdrawn == Time{});
    CHECK(made.front().addresses == std::vector<std::string>{"ann@example.org"});
    CHECK(must(journal.store.corrections(noon + 2 * hour)).empty());

    move(journal, message, bad_mailbox, BounceType::hard, noon + 3 * hour);
    CHECK(journal.recipient("ann@example.org").history.state == State::suppressed);
    CHECK(journal.recipient("ann@example.org").events.front().moved_from.empty());
    const auto withdrawn = must(journal.store.corrections(noon + 2 * hour));
    REQUIRE(withdrawn.size() == 1);
    CHECK(withdrawn.front().withdrawn == noon + 3 * hour);
}

TEST_CASE("answer: moved on to a third folder, the later answer holds and the first folder stays known") {
    Journal journal;
    const auto message = recorded(journal, hard_bounce("1", "ann@example.org", noon), bad_mailbox);
    move(journal, message, quota, BounceType::soft, noon + hour);
    move(journal, message, "Bounces/spam-related", BounceType::blocked, noon + 2 * hour);
    const auto made = must(journal.store.corrections({}));
    REQUIRE(made.size() == 2);
    CHECK(made.front().withdrawn == noon + 2 * hour);
    CHECK(made.back().from == bad_mailbox);
    CHECK(journal.recipient("ann@example.org").history.state == State::clear);
    CHECK(journal.recipient("ann@example.org").history.blocked_bounces == 1);
}

TEST_CASE("answer: a message that is no bounce to a person counts for nothing, and stays in the history") {
    Journal journal;
    const auto message = recorded(journal, hard_bounce("1", "ann@example.org", noon), bad_mailbox);
    const Kind kind = GENERATE(Kind::other, Kind::auto_reply, Kind::receipt);
    move(journal, message, "Bounces/ordinary", BounceType::hard, noon + hour, kind);
    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.state == State::clear);
    CHECK(ann.history.hard_bounces == 0);
    REQUIRE(ann.events.size() == 1);
    CHECK(ann.events.front().set_aside);
    CHECK(ann.events.front().moved_from == bad_mailbox);
}

TEST_CASE("answer: a message that is a bounce to a person counts as that bounce") {
    Journal journal;
    const auto message =
        recorded(journal, message_of("1", Kind::suspicious, noon, {bounce_of("ann@example.org", BounceType::hard)}),
                 "Bounces/suspicious");
    REQUIRE_FALSE(must(journal.store.recipient("ann@example.org")));
    move(journal, message, bad_mailbox, BounceType::hard, noon + hour);
    CHECK(journal.recipient("ann@example.org").history.state == State::suppressed);
}

TEST_CASE("answer: the other reports about the address keep their part") {
    Journal journal;
    const auto soft = recorded(journal, soft_bounce("1", "ann@example.org", noon), quota);
    const auto hard = recorded(journal, hard_bounce("2", "ann@example.org", noon + 2 * hour), bad_mailbox);
    recorded(journal, soft_bounce("3", "bob@example.org", noon), quota);
    move(journal, hard, quota, BounceType::soft, noon + 3 * hour);
    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.state == State::waiting);
    CHECK(ann.history.window == 1); // the second came when the first try was due
    CHECK(ann.history.soft_bounces == 2);
    CHECK(journal.recipient("bob@example.org").history.soft_bounces == 1);
}

TEST_CASE("record: what comes back with another verdict by the rules takes that, and counts once") {
    Journal journal;
    recorded(journal, soft_bounce("1", "ann@example.org", noon), quota);
    auto again = hard_bounce("9", "ann@example.org", noon + 5 * hour);
    again.sha256 = "content-of-1";
    again.folder = bad_mailbox;
    CHECK(journal.record(again) == bad_mailbox);
    const auto ann = journal.recipient("ann@example.org");
    CHECK(ann.history.state == State::suppressed);
    CHECK(ann.history.soft_bounces == 0);
    CHECK(ann.history.hard_bounces == 1);
    REQUIRE(ann.events.size() == 1);
    CHECK(ann.events.front().arrived == noon);
}

TEST_CASE("record: what comes back after a person's answer goes where the person had it") {
    Journal journal;
    const auto message = recorded(journal, hard_bounce("1", "ann@example.org", noon), bad_mailbox);
    move(journal, message, quota, BounceType::soft, noon + hour);
    auto again = message;
    again.key.uid = "9";
    CHECK(journal.record(again) == quota);
    CHECK(journal.recipient("ann@example.org").history.state == State::waiting);
}

TEST_CASE("returned: a message put back under its old uid is judged again and counts once") {
    Journal journal;
    const auto message = recorded(journal, soft_bounce("1", "ann@example.org", noon), quota);
    must(journal.store.returned("bounces", "7", std::vector<std::string>{"1"}));
    CHECK(must(journal.store.progress("bounces", "7", std::vector<std::string>{"1"})).front().stage == Stage::planned);
    SECTION("with the same verdict") {
        CHECK(journal.record(message) == quota);
        CHECK(journal.recipient("ann@example.org").history.soft_bounces == 1);
    }
    SECTION("with another") {
        auto again = hard_bounce("1", "ann@example.org", noon);
        again.folder = bad_mailbox;
        CHECK(journal.record(again) == bad_mailbox);
        CHECK(journal.recipient("ann@example.org").history.state == State::suppressed);
    }
    SECTION("and goes to quarantine if it cannot be read this time, without losing what it said") {
        auto failed = message_of("1", Kind::unrecognised, noon);
        failed.failure = "never finished";
        failed.folder = "Bounces/quarantine";
        CHECK(journal.record(failed) == "Bounces/quarantine");
        CHECK(journal.recipient("ann@example.org").events.front().bounce.reason == Reason::mailbox_full);
    }
    CHECK(must(journal.store.unfiled("bounces", "7")).size() == 1);
}

TEST_CASE("rejudge: newer rules change the verdict, but never a person's") {
    Journal journal;
    const auto plain = recorded(journal, soft_bounce("1", "ann@example.org", noon), quota);
    const auto moved = recorded(journal, soft_bounce("2", "bob@example.org", noon), quota);
    move(journal, moved, "Bounces/spam-related", BounceType::blocked, noon + hour);
    std::vector<Rejudged> again;
    for (const auto* message : {&plain, &moved}) {
        auto record = hard_bounce(message->key.uid, message->bounces.front().address, noon);
        record.folder = bad_mailbox;
        again.push_back({row_of(journal, *message), {quota, "in-" + message->key.uid, false}, record});
    }
    CHECK(must(journal.store.rejudge(again, journal.policy, noon + 2 * hour)) == std::vector<bool>{true, false});
    CHECK(journal.recipient("ann@example.org").history.state == State::suppressed);
    CHECK(journal.recipient("bob@example.org").history.state == State::clear);
    const auto about = must(journal.store.whereabouts(std::vector{again.front().message}));
    CHECK(about.front().folder == bad_mailbox);
    REQUIRE(about.front().places.size() == 1);
    CHECK(about.front().places.front().leaving);
    // The same again is nothing new.
    CHECK(must(journal.store.rejudge(again, journal.policy, noon + 2 * hour)) == std::vector<bool>{false, false});

    must(journal.store.refiled("bounces", quota, {bad_mailbox, "1", {{"in-1", "there"}}}));
    const auto after = must(journal.store.whereabouts(std::vector{again.front().message}));
    REQUIRE(after.front().places.size() == 1);
    CHECK(after.front().places.front().folder == bad_mailbox);
    CHECK(after.front().places.front().uid == "there");
}

TEST_CASE("places: known by uid, void when the folder was replaced, and found again by content") {
    Journal journal;
    const auto message = recorded(journal, soft_bounce("1", "ann@example.org", noon), quota);
    const std::vector<std::string> uids{"in-1", "in-2"};
    CHECK(must(journal.store.unknown_in("bounces", quota, "1", uids)) == std::vector<std::string>{"in-2"});
    CHECK(must(journal.store.unknown_in("bounces", quota, "2", uids)) == uids);
    const auto row = row_of(journal, message);
    const std::vector<FoundMessage> found{{"new-1", message.sha256}, {"new-2", "never seen"}};
    CHECK(must(journal.store.found("bounces", quota, "2", found)) == std::vector<std::int64_t>{row, 0});
    CHECK(must(journal.store.unknown_in("bounces", quota, "2", std::vector<std::string>{"new-1", "new-2"})).empty());
    CHECK(must(journal.store.unknown_in("bounces", quota, "1", uids)) == uids);
    CHECK(must(journal.store.lost("bounces", quota, std::vector<std::string>{"new-2"})) ==
          std::vector<std::int64_t>{row});
    CHECK(must(journal.store.whereabouts(std::vector{row})).front().places.empty());
}

TEST_CASE("searched: the folder is remembered as it looked, and another validity forgets what lay there") {
    Journal journal;
    recorded(journal, soft_bounce("1", "ann@example.org", noon), quota);
    must(journal.store.searched("bounces", {quota, "1", "17", "1 17 4", 4}));
    const auto known = must(journal.store.searched_folders("bounces"));
    REQUIRE(known.size() == 1);
    CHECK(known.front().next == "17");
    CHECK(known.front().mark == "1 17 4");
    CHECK(known.front().messages == 4);
    must(journal.store.searched("bounces", {quota, "2", "3", "2 3 1", 1}));
    CHECK(must(journal.store.messages_in("bounces", quota, std::vector<std::string>{"in-1"})).front() == 0);
    CHECK(must(journal.store.searched_folders("returns")).empty());
}

#include <SQLiteCpp/SQLiteCpp.h>

#include "unit/store/journal.hpp"

using namespace nixie;
using Uids = std::vector<std::string>;

namespace {

MailboxStatus some_status(const std::string& name) {
    MailboxStatus status;
    status.name = name;
    status.state = MailboxState::backing_off;
    status.since = noon;
    status.last_success = noon - hour;
    status.last_error = "the server was silent";
    status.failures = 3;
    status.next_try = noon + hour;
    status.validity = "7";
    status.waiting = 12;
    status.waiting_since = noon - 2 * hour;
    status.day = 20'778;
    status.bytes_today = 5'000'000'000;
    return status;
}

std::string text_of(Journal& journal, const std::string& sql) {
    return SQLite::Database(journal.path).execAndGet(sql).getString();
}

} // namespace

TEST_CASE("status: what was noted of a mailbox is read again, and the newest note holds") {
    Journal journal;
    CHECK_FALSE(must(journal.store.mailbox("bounces")));
    must(journal.store.note(some_status("bounces")));
    auto read = must(journal.store.mailbox("bounces"));
    REQUIRE(read);
    CHECK(read->state == MailboxState::backing_off);
    CHECK(read->since == noon);
    CHECK(read->last_success == noon - hour);
    CHECK(read->last_error == "the server was silent");
    CHECK(read->failures == 3);
    CHECK(read->next_try == noon + hour);
    CHECK(read->validity == "7");
    CHECK(read->waiting == 12);
    CHECK(read->waiting_since == noon - 2 * hour);
    CHECK(read->day == 20'778);
    CHECK(read->bytes_today == 5'000'000'000);

    MailboxStatus later;
    later.name = "bounces";
    later.state = MailboxState::resting;
    must(journal.store.note(later));
    read = must(journal.store.mailbox("bounces"));
    REQUIRE(read);
    CHECK(read->state == MailboxState::resting);
    CHECK_FALSE(read->last_success);
    CHECK_FALSE(read->next_try);
    CHECK_FALSE(read->waiting_since);
}

TEST_CASE("status: counts what is recorded and not moved, and what is due") {
    Journal journal;
    must(journal.store.note(some_status("bounces")));
    journal.record(soft_bounce("1", "ann@example.org", noon - 3 * hour));
    journal.record(soft_bounce("2", "bob@example.org", noon));
    const auto status = must(journal.store.status(journal.policy, noon, 10));
    REQUIRE(status.mailboxes.size() == 1);
    CHECK(status.mailboxes[0].unfiled == 2);
    CHECK(status.mailboxes[0].oldest_unfiled == noon - 3 * hour);
    CHECK(status.mailboxes[0].lag_since() == noon - 3 * hour);
    CHECK(status.recipients_due == 1);
    CHECK(status.next_due == noon + hour);
    CHECK(status.outbox.waiting == 2);
    CHECK(status.outbox.failing == 0);

    must(journal.store.filed("bounces", "7", Uids{"1", "2"}, noon));
    CHECK(must(journal.store.status(journal.policy, noon, 10)).mailboxes[0].unfiled == 0);
}

TEST_CASE("status: a message that could not be read is listed with its cause") {
    Journal journal;
    must(journal.store.note(some_status("bounces")));
    must(journal.store.plan("bounces", "7", Uids{"1"}));
    must(journal.store.not_read("bounces", "7", "1", "the connection was lost while reading", noon));
    CHECK(must(journal.store.plan("bounces", "7", Uids{"1"}))[0].failure == "the connection was lost while reading");
    CHECK(must(journal.store.status(journal.policy, noon, 10)).quarantined == 0);

    auto given_up = message_of("1", Kind::unrecognised, noon);
    given_up.failure = "the connection was lost while reading";
    given_up.folder = "Bounces/quarantine";
    journal.record(given_up);
    const auto status = must(journal.store.status(journal.policy, noon, 10));
    CHECK(status.quarantined == 1);
    CHECK(status.mailboxes[0].quarantined == 1);
    REQUIRE(status.quarantine.size() == 1);
    CHECK(status.quarantine[0].uid == "1");
    CHECK(status.quarantine[0].cause == "the connection was lost while reading");
    CHECK(status.quarantine[0].since == noon);
}

TEST_CASE("status: a message that its folder does not take goes to quarantine and stays counted") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    must(journal.store.not_filed("bounces", "7", Uids{"1"}, "no room", noon));
    auto unfiled = must(journal.store.unfiled("bounces", "7"));
    CHECK(unfiled.at(0).filing_attempts == 1);
    CHECK(unfiled.at(0).failure == "no room");
    CHECK(must(journal.store.status(journal.policy, noon, 10)).quarantined == 0);

    must(journal.store.quarantine("bounces", "7", Uids{"1"}, "Bounces/quarantine", noon));
    CHECK(must(journal.store.unfiled("bounces", "7")).at(0).folder == "Bounces/quarantine");
    must(journal.store.filed("bounces", "7", Uids{"1"}, noon));
    const auto status = must(journal.store.status(journal.policy, noon, 10));
    REQUIRE(status.quarantine.size() == 1);
    CHECK(status.quarantine[0].cause == "no room");

    auto again = soft_bounce("2", "ann@example.org", noon);
    again.sha256 = "content-of-1";
    journal.record(again);
    CHECK(journal.recipient("ann@example.org").history.soft_bounces == 1);
}

TEST_CASE("status: a folder that takes a message at last leaves no trace of its refusals") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    must(journal.store.not_filed("bounces", "7", Uids{"1"}, "no room", noon));
    must(journal.store.filed("bounces", "7", Uids{"1"}, noon));
    CHECK(text_of(journal, "SELECT filing_failure FROM messages") == "");
}

TEST_CASE("record: where reading a message stopped is kept, and nothing where all was read") {
    Journal journal;
    auto cut = message_of("1", Kind::other, noon);
    cut.cut_at = 1000;
    journal.record(cut);
    journal.record(message_of("2", Kind::other, noon));
    CHECK(text_of(journal, "SELECT group_concat(uid || '=' || cut_at) FROM messages WHERE cut_at IS NOT NULL") ==
          "1=1000");
}

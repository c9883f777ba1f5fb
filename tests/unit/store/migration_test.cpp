// Journals that an earlier version wrote: brought up to date, they say the same as before.
#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <map>

#include "unit/store/journal.hpp"

#include "store/schema.hpp"
#include "store/schema_steps.hpp"
#include "store/schema_views.hpp"
#include "store/steps.hpp"

using namespace nixie;

namespace {

/// The version before texts were kept once.
constexpr int version_with_texts = 14;

constexpr const char* rows_with_texts = R"sql(
INSERT INTO messages (id, mailbox, validity, uid, stage, sha256, size, arrived, kind, folder, format, reporting_mta,
                      original_message_id, original_envelope_id, original_subject, campaign, recorded_at, filed_at, duplicate_of)
VALUES (1, 'bounces', '7', '1', 'filed', '00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff', 900, 1795262400, 'bounce',
        'Bounces/quota-issues', 'postfix', 'mta.example', 'one@sender.example', 'env-1', 'Gardens', 'spring', 1795262401, 1795262402, NULL),
       (2, 'bounces', '7', '007', 'stored', '', 901, 1795262500, 'bounce', 'Bounces/bad-mailbox', 'postfix', 'mta.example',
        'two@sender.example', '', 'Gardens', 'spring', 1795262501, NULL, NULL),
       (3, 'other', '', 'P9f.host', 'planned', '', 0, NULL, NULL, '', '', '', '', '', '', '', NULL, NULL, NULL),
       (4, 'bounces', '8', '99999999999999999999', 'filed', '', 900, 1795262400, 'bounce', 'Bounces/quota-issues', '', '', '', '', '', '',
        1795262601, 1795262602, 1);
INSERT INTO recipients (id, address_key, address, state, window, due_at, last_bounce, soft_bounces, newest_soft_bounce)
VALUES (1, 'ann@example.org', 'Ann@example.org', 'waiting', 0, 1795266000, 1795262400, 1, 1),
       (2, 'bob@example.org', 'bob@example.org', 'suppressed', 0, 0, 1795262500, 0, NULL);
INSERT INTO bounces (id, message, recipient, kind, arrived, address, reason, category, type, status, smtp_code, action, diagnostic,
                     remote_mta, rule, matched, decision, cause)
VALUES (1, 1, 1, 'bounce', 1795262400, 'ANN@example.org', 'mailbox-full', 'quota-issues', 'soft', '4.2.2', '452', 'failed',
        '452 <ANN@example.org> is full', 'mx.example', 'full', 'is full', 'retry', 'due after 1h'),
       (2, 2, 2, 'bounce', 1795262500, 'bob@example.org', 'user-unknown', 'bad-mailbox', 'hard', '5.1.1', '1', 'failed',
        '550 bob' || char(1) || ' is not here', 'mx.example', 'unknown', 'not here', 'suppress', 'dead'),
       (3, 2, 1, 'bounce', 1795262500, 'Ann@example.org', 'mailbox-full', 'quota-issues', 'soft', '4.2.2', '452', 'failed',
        '452 <Ann@example.org> is full', 'mx.example', 'full', 'is full', 'retry', 'another one'),
       (4, 2, NULL, 'bounce', 1795262500, '', 'user-unknown', 'bad-mailbox', 'hard', '5.1.1', '1', '', '', '', 'unknown',
        'not here', 'none', 'names no address'),
       (5, 2, 2, 'bounce', 1795262500, 'bob@example.org', 'mailbox-full', 'quota-issues', 'soft', '4.2.2', '452', 'failed',
        '452 <bob@example.org> is full', 'mx.example', 'full', 'is full', 'none', 'dead');
INSERT INTO suppressions (recipient, since, ground, cause, bounce) VALUES (2, 1795262500, 'hard-bounce', 'dead', 2);
INSERT INTO retries (recipient, window, since, due_at) VALUES (1, 0, 1795262400, 1795266000);
INSERT INTO folders (id, mailbox, folder, validity) VALUES (1, 'bounces', 'Bounces/quota-issues', '3');
INSERT INTO places (folder, uid, message) VALUES (1, '12', 1);
INSERT INTO corrections (id, message, from_folder, to_folder, made_by, seen_at) VALUES (1, 1, 'a', 'b', 'moved', 1795262800);
INSERT INTO originals (bounce, mailing, message) VALUES (1, 'spring', x'00');
INSERT INTO campaigns (id, name, since, sent, hard, soft, blocked) VALUES (1, 'spring', 1795262400, 9, 1, 1, 0);
INSERT INTO tallies (scope, name, at, sent, hard, soft, blocked) VALUES ('domain', 'example.org', 1795219200, 9, 1, 1, 0);
)sql";

/// Everything that the views for other programs show.
std::vector<std::string> shown_by_views(SQLite::Database& db) {
    std::vector<std::string> out;
    for (const char* view :
         {"v1_messages", "v1_bounces", "v1_recipients", "v1_suppressions", "v1_due", "v1_campaigns"}) {
        SQLite::Statement select(db, std::string("SELECT * FROM ") + view);
        while (select.executeStep()) {
            std::string row = view;
            for (int i = 0; i < select.getColumnCount(); ++i)
                row.append("|").append(select.getColumnName(i)).append("=").append(select.getColumn(i).getString());
            out.push_back(row);
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

/// Every table, index and view, and how many rows there are.
std::map<std::string, std::string> content_of(SQLite::Database& db) {
    std::map<std::string, std::string> out;
    SQLite::Statement select(db, "SELECT type, name, coalesce(sql, '') FROM sqlite_schema");
    while (select.executeStep()) {
        const std::string name = select.getColumn(1).getString();
        auto& content = out[name] = select.getColumn(2).getString();
        if (select.getColumn(0).getString() == "table")
            content += db.execAndGet("SELECT count(*) FROM " + name).getString();
    }
    return out;
}

} // namespace

TEST_CASE("migration: a new journal is what all the steps lead to") {
    SQLite::Database by_steps(":memory:", SQLite::OPEN_READWRITE), at_once(":memory:", SQLite::OPEN_READWRITE);
    take_steps(by_steps, 0);
    by_steps.exec(create_stable_views);
    migrate(at_once);
    CHECK(content_of(at_once) == content_of(by_steps));
    CHECK(content_of(at_once).size() > 50);
}

TEST_CASE("migration: a journal of the version before texts were kept once says the same after it") {
    const TemporaryDirectory directory;
    const auto path = directory.file("state.db");
    std::vector<std::string> before;
    {
        SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
        for (std::size_t step = 0; step < version_with_texts; ++step) db.exec(schema_steps.at(step));
        db.exec(create_stable_views);
        db.exec(rows_with_texts);
        db.exec("PRAGMA user_version = " + std::to_string(version_with_texts));
        before = shown_by_views(db);
    }
    auto store = must(Store::open(path, StoreAccess::write));
    CHECK(must(store.check()).empty());
    SQLite::Database db(path, SQLite::OPEN_READONLY);
    CHECK(shown_by_views(db) == before);
    REQUIRE(before.size() == 4 + 5 + 2 + 1 + 1 + 1);

    // What is known stays known.
    CHECK(must(store.progress("bounces", "7", std::vector<std::string>{"1", "007", "7"})).size() == 2);
    CHECK(must(store.unknown_in("bounces", "Bounces/quota-issues", "3", std::vector<std::string>{"12", "13"})) ==
          std::vector<std::string>{"13"});
    const auto domains = must(store.rates(RateScope::domain, noon));
    REQUIRE(domains.size() == 1);
    CHECK(domains[0].tally == Tally{9, 1, 1, 0});
    const std::string content = "00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff";
    CHECK(must(store.found("bounces", "Bounces/x", "1", std::vector<FoundMessage>{{"1", content}})) ==
          std::vector<std::int64_t>{1});
}

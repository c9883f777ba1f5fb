// What is old leaves the journal, a bit at a time; where recipients stand stays.
#include <set>

#include "store/past.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// Removed in one transaction, so that nobody waits long for it.
constexpr std::int64_t messages_at_once = 500;
/// How many of the oldest rows are looked at for what may go.
constexpr std::int64_t rows_looked_at = 5000;

class Pruner {
  public:
    Pruner(SQLite::Database& db, const RetryPolicies& policies, Time before)
        : db_(db), policies_(policies), before_(before) {}

    /// Messages that are filed, with what they said; how many.
    std::size_t messages() {
        SQLite::Statement select(db_, R"sql(
            SELECT id FROM message_rows WHERE duplicate_of IS NULL AND recorded_at < ? AND stage = 2
            ORDER BY recorded_at LIMIT ?)sql");
        bind_all(select, to_unix(before_), messages_at_once);
        std::vector<std::int64_t> old;
        while (select.executeStep()) old.push_back(select.getColumn(0).getInt64());
        for (const auto message : old) keep_histories(message);
        for (const auto message : old) remove(message);
        return old.size();
    }

  private:
    /// What a report led to goes into its recipient's base, with all that was before it.
    void keep_histories(std::int64_t message) {
        SQLite::Statement select(db_,
                                 "SELECT id, recipient FROM bounce_rows WHERE message = ? AND recipient IS NOT NULL");
        bind_all(select, message);
        while (select.executeStep()) {
            const std::int64_t bounce = select.getColumn(0).getInt64(), recipient = select.getColumn(1).getInt64();
            History base = base_of(db_, recipient);
            const auto past = past_of(db_, recipient);
            for (const auto& step : past) {
                if (step.bounce != 0 && step.bounce != bounce) continue;
                base = replay(step, base, policies_).history;
                if (step.intervention != 0) fold(step.intervention);
                if (step.bounce == bounce) break;
            }
            drop_bounce(bounce, recipient);
            set_base(db_, recipient, base);
        }
    }

    void fold(std::int64_t intervention) {
        SQLite::Statement mark(db_, "UPDATE interventions SET folded = 1 WHERE id = ?");
        run(mark, intervention);
    }

    void drop_bounce(std::int64_t bounce, std::int64_t recipient) {
        for (const char* sql :
             {"DELETE FROM originals WHERE bounce = ?1 AND ?2 > 0",
              "UPDATE recipients SET newest_soft_bounce = NULL WHERE id = ?2 AND newest_soft_bounce = ?1",
              "UPDATE suppressions SET bounce = NULL WHERE recipient = ?2 AND bounce = ?1",
              R"sql(DELETE FROM retries WHERE recipient = ?2 AND outcome IS NOT NULL
                        AND since <= (SELECT arrived FROM bounce_rows WHERE id = ?1))sql",
              "DELETE FROM bounce_rows WHERE id = ?1 AND recipient = ?2"}) {
            SQLite::Statement statement(db_, sql);
            run(statement, bounce, recipient);
        }
    }

    void remove(std::int64_t message) {
        for (const char* sql :
             {"DELETE FROM bounce_rows WHERE message = ?", "DELETE FROM places WHERE message = ?",
              "DELETE FROM corrections WHERE message = ?", "DELETE FROM message_rows WHERE duplicate_of = ?",
              "DELETE FROM message_rows WHERE id = ?"}) {
            SQLite::Statement statement(db_, sql);
            run(statement, message);
        }
    }

    SQLite::Database& db_;
    const RetryPolicies& policies_;
    Time before_;
};

std::int64_t remove_oldest(SQLite::Database& db, const std::string& table, const std::string& old, Time before) {
    SQLite::Statement remove(db, "DELETE FROM " + table + " WHERE id IN (SELECT id FROM " + table +
                                     " WHERE id < (SELECT coalesce(min(id), 0) + ?2 FROM " + table + ") AND " + old +
                                     " < ?1)");
    run(remove, to_unix(before), rows_looked_at);
    return db.getChanges();
}

} // namespace

Result<Pruned> Store::prune(const Retention& retention, const RetryPolicies& policies, Time now) {
    // Deleting would look for referring rows in whole tables; what refers is let go by hand.
    return impl_->write_without_references([&](SQLite::Database& db) {
        Pruned out;
        if (retention.messages) out.messages = Pruner(db, policies, now - *retention.messages).messages();
        if (retention.events) {
            const Time before = now - *retention.events;
            SQLite::Statement remove(db, R"sql(
                DELETE FROM outbox_deliveries WHERE event IN (
                    SELECT id FROM outbox WHERE id < (SELECT coalesce(min(id), 0) + ?2 FROM outbox) AND delivered_at < ?1))sql");
            run(remove, to_unix(before), rows_looked_at);
            out.events = remove_oldest(db, "outbox", "delivered_at", before);
        }
        if (retention.messages) {
            remove_oldest(db, "resends", "begun_at", now - *retention.messages);
        }
        if (retention.counts) {
            SQLite::Statement due(db, R"sql(
                INSERT INTO settings (name, value) VALUES ('counts_pruned', ?1)
                ON CONFLICT (name) DO UPDATE SET value = ?1 WHERE value <> ?1 RETURNING name)sql");
            // Once a day: there is no order of age to find them by.
            if (find_row(due, std::to_string(to_unix(now) / 86400))) {
                for (const char* const sql :
                     {"DELETE FROM tallies WHERE at < ?", "DELETE FROM domain_days WHERE day < ?"}) {
                    SQLite::Statement remove(db, sql);
                    run(remove, to_unix(now - *retention.counts));
                }
            }
        }
        return out;
    });
}

} // namespace nixie

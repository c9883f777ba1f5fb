// The way of a message: planned, stored, filed.
#include "store/counters.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

Stage stage_named(std::string_view text) {
    for (const Stage stage : {Stage::planned, Stage::stored})
        if (text == name(stage)) return stage;
    return Stage::filed;
}

/// Of a statement whose columns are uid, stage, attempts, folder, filing_attempts, the failure of reading or filing, and
/// when that was.
Progress progress_in(const SQLite::Statement& row) {
    std::optional<Time> tried_at;
    if (!row.getColumn(6).isNull()) tried_at = from_unix(row.getColumn(6).getInt64());
    return {row.getColumn(0).getString(),
            stage_named(row.getColumn(1).getString()),
            row.getColumn(2).getInt(),
            row.getColumn(3).getString(),
            row.getColumn(4).getInt(),
            row.getColumn(5).getString(),
            tried_at};
}

/// What is set in the row of one message, by its key, if that condition holds.
std::string update_of(const std::string& assignments, const std::string& condition) {
    return "UPDATE message_rows SET " + assignments + " WHERE id = " + row_of_key + " AND " + condition;
}

} // namespace

std::int64_t inbox_row(SQLite::Database& db, const std::string& mailbox, const std::string& validity) {
    SQLite::Statement select(db, "SELECT id FROM inboxes WHERE mailbox = ? AND validity = ?");
    if (find_row(select, mailbox, validity)) return select.getColumn(0).getInt64();
    SQLite::Statement insert(db, "INSERT INTO inboxes (mailbox, validity) VALUES (?, ?)");
    run(insert, mailbox, validity);
    return db.getLastInsertRowid();
}

Result<std::vector<Progress>> Store::plan(std::string_view mailbox, std::string_view validity,
                                          std::span<const std::string> uids) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement insert(db, R"sql(
            INSERT INTO message_rows (inbox, uid, stage, attempts) VALUES (?, ?, 0, 1) ON CONFLICT (inbox, uid) DO NOTHING)sql");
        SQLite::Statement count(db, R"sql(
            UPDATE message_rows SET attempts = attempts + 1 WHERE inbox = ? AND uid = ? AND stage = 0)sql");
        SQLite::Statement select(db, R"sql(
            SELECT uid, stage, attempts, folder, filing_attempts, failure || filing_failure, tried_at FROM messages
            WHERE id = (SELECT id FROM message_rows WHERE inbox = ? AND uid = ?))sql");
        const auto inbox = inbox_row(db, std::string(mailbox), std::string(validity));
        std::vector<Progress> out;
        out.reserve(uids.size());
        for (const auto& uid : uids) {
            if (run(insert, inbox, Uid{uid}) > 0) {
                out.push_back({uid, Stage::planned, 1, {}, 0, {}, {}});
                continue;
            }
            run(count, inbox, Uid{uid});
            if (find_row(select, inbox, Uid{uid})) out.push_back(progress_in(select));
        }
        return out;
    });
}

Result<std::vector<Progress>> Store::progress(std::string_view mailbox, std::string_view validity,
                                              std::span<const std::string> uids) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, std::string(R"sql(
            SELECT uid, stage, attempts, folder, filing_attempts, failure || filing_failure, tried_at FROM messages
            WHERE id = )sql") + row_of_key);
        const std::string mailbox_text(mailbox), validity_text(validity);
        std::vector<Progress> out;
        for (const auto& uid : uids)
            if (find_row(select, mailbox_text, validity_text, Uid{uid})) out.push_back(progress_in(select));
        return out;
    });
}

Result<void> Store::release(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, update_of("attempts = attempts - 1", "stage = 0 AND attempts > 0"));
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, mailbox_text, validity_text, Uid{uid});
    });
}

Result<void> Store::filed(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                          Time now, std::span<const NewPlaces> places) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement select(db, std::string(R"sql(
            SELECT id, iif(duplicate_of IS NULL, ? - arrived, NULL) FROM message_rows WHERE stage = 1 AND id = )sql") +
                                         row_of_key);
        SQLite::Statement update(db, R"sql(
            UPDATE message_rows SET stage = 2, filed_at = ?,
                filing_failure = CASE WHEN quarantined_at IS NULL THEN '' ELSE filing_failure END
            WHERE id = ?)sql");
        Counters counters(db);
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) {
            if (!find_row(select, to_unix(now), mailbox_text, validity_text, Uid{uid})) continue;
            if (!select.isColumnNull(1)) counters.latency(mailbox_text, Duration{select.getColumn(1).getInt64()});
            run(update, to_unix(now), select.getColumn(0).getInt64());
        }
        counters.flush();
        for (const auto& place : places) note_places(db, mailbox_text, validity_text, place);
    });
}

Result<void> Store::returned(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, update_of("stage = 0, attempts = 0, filing_attempts = 0", "stage = 2"));
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, mailbox_text, validity_text, Uid{uid});
    });
}

Result<void> Store::not_filed(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                              std::string_view cause, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(
            db, update_of("filing_attempts = filing_attempts + 1, filing_failure = ?, tried_at = ?", "stage = 1"));
        const std::string cause_text(cause), mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, cause_text, to_unix(now), mailbox_text, validity_text, Uid{uid});
    });
}

Result<void> Store::quarantine(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                               const std::string& quarantine, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, update_of("folder = ?, quarantined_at = ?", "stage = 1"));
        const auto folder = Texts(db, impl_->sightings).word(quarantine);
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, folder, to_unix(now), mailbox_text, validity_text, Uid{uid});
    });
}

Result<void> Store::not_read(std::string_view mailbox, std::string_view validity, const std::string& uid,
                             std::string_view cause, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, update_of("failure = ?, tried_at = ?", "stage = 0"));
        run(update, std::string(cause), to_unix(now), std::string(mailbox), std::string(validity), Uid{uid});
    });
}

Result<std::vector<Progress>> Store::unfiled(std::string_view mailbox, std::string_view validity) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT uid, stage, attempts, folder, filing_attempts, failure || filing_failure, tried_at FROM messages
            WHERE id IN (SELECT id FROM message_rows WHERE stage = 1
                           AND inbox = (SELECT id FROM inboxes WHERE mailbox = ? AND validity = ?))
            ORDER BY id)sql");
        bind_all(select, std::string(mailbox), std::string(validity));
        std::vector<Progress> out;
        while (select.executeStep()) out.push_back(progress_in(select));
        return out;
    });
}

} // namespace nixie

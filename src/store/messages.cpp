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

} // namespace

Result<std::vector<Progress>> Store::plan(std::string_view mailbox, std::string_view validity,
                                          std::span<const std::string> uids) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement upsert(db, R"sql(
            INSERT INTO messages (mailbox, validity, uid, stage, attempts) VALUES (?, ?, ?, 'planned', 1)
            ON CONFLICT (mailbox, validity, uid) DO UPDATE SET attempts = attempts + (stage = 'planned')
            RETURNING uid, stage, attempts, folder, filing_attempts, failure || filing_failure, tried_at)sql");
        const std::string mailbox_text(mailbox), validity_text(validity);
        std::vector<Progress> out;
        out.reserve(uids.size());
        for (const auto& uid : uids)
            if (find_row(upsert, mailbox_text, validity_text, uid)) out.push_back(progress_in(upsert));
        return out;
    });
}

Result<std::vector<Progress>> Store::progress(std::string_view mailbox, std::string_view validity,
                                              std::span<const std::string> uids) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT uid, stage, attempts, folder, filing_attempts, failure || filing_failure, tried_at FROM messages
            WHERE mailbox = ? AND validity = ? AND uid = ?)sql");
        const std::string mailbox_text(mailbox), validity_text(validity);
        std::vector<Progress> out;
        for (const auto& uid : uids)
            if (find_row(select, mailbox_text, validity_text, uid)) out.push_back(progress_in(select));
        return out;
    });
}

Result<void> Store::release(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, R"sql(
            UPDATE messages SET attempts = attempts - 1
            WHERE mailbox = ? AND validity = ? AND uid = ? AND stage = 'planned' AND attempts > 0)sql");
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, mailbox_text, validity_text, uid);
    });
}

Result<void> Store::filed(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                          Time now, std::span<const NewPlaces> places) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, R"sql(
            UPDATE messages SET stage = 'filed', filed_at = ?1,
                filing_failure = CASE WHEN quarantined_at IS NULL THEN '' ELSE filing_failure END
            WHERE mailbox = ?2 AND validity = ?3 AND uid = ?4 AND stage = 'stored'
            RETURNING iif(duplicate_of IS NULL, ?1 - arrived, NULL))sql");
        Counters counters(db);
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids)
            if (find_row(update, to_unix(now), mailbox_text, validity_text, uid) && !update.getColumn(0).isNull())
                counters.latency(mailbox_text, Duration{update.getColumn(0).getInt64()});
        counters.flush();
        for (const auto& place : places) note_places(db, mailbox_text, validity_text, place);
    });
}

Result<void> Store::returned(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, R"sql(
            UPDATE messages SET stage = 'planned', attempts = 0, filing_attempts = 0
            WHERE mailbox = ? AND validity = ? AND uid = ? AND stage = 'filed')sql");
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, mailbox_text, validity_text, uid);
    });
}

Result<void> Store::not_filed(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                              std::string_view cause, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, R"sql(
            UPDATE messages SET filing_attempts = filing_attempts + 1, filing_failure = ?, tried_at = ?
            WHERE mailbox = ? AND validity = ? AND uid = ? AND stage = 'stored')sql");
        const std::string cause_text(cause), mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, cause_text, to_unix(now), mailbox_text, validity_text, uid);
    });
}

Result<void> Store::quarantine(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                               const std::string& quarantine, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, R"sql(
            UPDATE messages SET folder = ?, quarantined_at = ?
            WHERE mailbox = ? AND validity = ? AND uid = ? AND stage = 'stored')sql");
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) run(update, quarantine, to_unix(now), mailbox_text, validity_text, uid);
    });
}

Result<void> Store::not_read(std::string_view mailbox, std::string_view validity, const std::string& uid,
                             std::string_view cause, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, R"sql(
            UPDATE messages SET failure = ?, tried_at = ? WHERE mailbox = ? AND validity = ? AND uid = ? AND stage = 'planned')sql");
        run(update, std::string(cause), to_unix(now), std::string(mailbox), std::string(validity), uid);
    });
}

Result<std::vector<Progress>> Store::unfiled(std::string_view mailbox, std::string_view validity) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT uid, stage, attempts, folder, filing_attempts, failure || filing_failure, tried_at FROM messages
            WHERE mailbox = ? AND validity = ? AND stage = 'stored' ORDER BY id)sql");
        SQLite::bind(select, std::string(mailbox), std::string(validity));
        std::vector<Progress> out;
        while (select.executeStep()) out.push_back(progress_in(select));
        return out;
    });
}

} // namespace nixie

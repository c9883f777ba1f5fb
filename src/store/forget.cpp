// Erasure: nothing about an address stays in the journal.
#include "store/store_impl.hpp"

namespace nixie {
namespace {

void erase(SQLite::Database& db, std::int64_t recipient) {
    const auto each = [&](const char* sql) {
        SQLite::Statement statement(db, sql);
        run(statement, recipient);
    };
    // A message stays known, so that it is not read as a new one; if it told of nobody else, its original's words go too.
    each(R"sql(
        UPDATE message_rows SET original_subject = 0, original_message_id = '', original_envelope_id = ''
        WHERE id IN (SELECT message FROM bounce_rows WHERE recipient = ?1)
          AND NOT EXISTS (SELECT 1 FROM bounce_rows AS other
                          WHERE other.message = message_rows.id AND other.recipient IS NOT ?1))sql");
    each("DELETE FROM originals WHERE bounce IN (SELECT id FROM bounce_rows WHERE recipient = ?)");
    each("DELETE FROM resends WHERE recipient = ?");
    each("DELETE FROM suppressions WHERE recipient = ?");
    each("DELETE FROM interventions WHERE recipient = ?");
    each("DELETE FROM bases WHERE recipient = ?");
    each("DELETE FROM retries WHERE recipient = ?");
    each("DELETE FROM outbox_deliveries WHERE event IN (SELECT id FROM outbox WHERE recipient = ?)");
    each("DELETE FROM outbox WHERE recipient = ?");
    each("UPDATE recipients SET newest_soft_bounce = NULL WHERE id = ?");
    each("DELETE FROM bounce_rows WHERE recipient = ?");
    each("DELETE FROM recipients WHERE id = ?");
}

} // namespace

Result<std::optional<Forgotten>> Store::forget(std::string_view address) {
    const std::string kept = impl_->keeper.kept(address);
    auto done = impl_->write_without_references([&](SQLite::Database& db) -> std::optional<Forgotten> {
        SQLite::Statement select(db, R"sql(
            SELECT id, state, (SELECT count(*) FROM bounce_rows WHERE recipient = recipients.id) FROM recipients
            WHERE lower(address) = ?)sql");
        if (!find_row(select, recipient_key(kept))) return std::nullopt;
        Forgotten out;
        out.was = find_state(select.getColumn(1).getString()).value_or(State::clear);
        out.reports = select.getColumn(2).getInt64();
        const std::int64_t recipient = select.getColumn(0).getInt64();
        select.reset();
        // What is deleted is overwritten in the file, and the log that still holds it is emptied below.
        db.exec("PRAGMA secure_delete = ON");
        erase(db, recipient);
        return out;
    });
    if (!done || !*done) return done;
    try {
        impl_->writer->exec("PRAGMA secure_delete = OFF; PRAGMA wal_checkpoint(TRUNCATE)");
    } catch (const SQLite::Exception& exception) {
        return database_error(exception, impl_->path);
    }
    return done;
}

} // namespace nixie

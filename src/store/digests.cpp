#include "store/digests.hpp"

#include "store/events.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

DigestState digest_in(const SQLite::Statement& row) {
    return {row.getColumn(0).getString(), from_unix(row.getColumn(1).getInt64()), row.getColumn(2).getInt(),
            from_unix(row.getColumn(3).getInt64()), row.getColumn(4).getString()};
}

void note_sent(SQLite::Database& db, const std::string& name, Time until) {
    SQLite::Statement update(db, R"sql(
        UPDATE digests SET until = ?, failures = 0, retry_at = 0, last_error = '' WHERE name = ?)sql");
    run(update, to_unix(until), name);
}

} // namespace

std::vector<DigestState> read_digests(SQLite::Database& db) {
    SQLite::Statement select(db, "SELECT name, until, failures, retry_at, last_error FROM digests ORDER BY name");
    std::vector<DigestState> out;
    while (select.executeStep()) out.push_back(digest_in(select));
    return out;
}

Result<DigestState> Store::digest(const std::string& name, Time from) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement insert(db, "INSERT INTO digests (name, until) VALUES (?, ?) ON CONFLICT (name) DO NOTHING");
        run(insert, name, to_unix(from));
        SQLite::Statement select(db, "SELECT name, until, failures, retry_at, last_error FROM digests WHERE name = ?");
        find_row(select, name);
        return digest_in(select);
    });
}

Result<void> Store::digest_sent(const std::string& name, Time until) {
    return impl_->write([&](SQLite::Database& db) { note_sent(db, name, until); });
}

Result<void> Store::digest_failed(const std::string& name, const std::string& cause, Time retry_at) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(
            db, "UPDATE digests SET failures = failures + 1, retry_at = ?, last_error = ? WHERE name = ?");
        run(update, to_unix(retry_at), cause, name);
    });
}

Result<void> Store::tell_digest(const std::string& key, const std::string& body, std::optional<Time> until, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        EventQueue(db, Events::queue, now).add(NewEvent{key, "digest", body}, 0);
        if (until) note_sent(db, told_digest, *until);
    });
}

} // namespace nixie

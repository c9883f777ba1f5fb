#include "store/schema.hpp"

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>

#include "store/schema_steps.hpp"
#include "store/schema_views.hpp"
#include "store/steps.hpp"
#include "store/whole_schema.hpp"

namespace nixie {
namespace {

int version_of(SQLite::Database& db) { return db.execAndGet("PRAGMA user_version").getInt(); }

} // namespace

int schema_version() { return static_cast<int>(schema_steps.size()); }

Result<void> check_known(SQLite::Database& db, const std::string& path) {
    // One view of the file for all that is read here: another process may be creating the tables just now.
    const SQLite::Transaction snapshot(db);
    const int version = version_of(db);
    if (version > schema_version())
        return Error{
            ErrorCode::database,
            fmt::format("the journal has version {}, this nixie knows versions up to {}", version, schema_version()),
            path, "upgrade nixie"};
    const bool foreign =
        version < 0 || (version == 0 && db.execAndGet("SELECT count(*) FROM sqlite_schema").getInt() > 0);
    if (foreign)
        return Error{ErrorCode::database, "a database, but not a journal of nixie", path,
                     "check `state` in the configuration"};
    return {};
}

Result<void> check_current(SQLite::Database& db, const std::string& path) {
    if (auto known = check_known(db, path); !known) return known;
    const int version = version_of(db);
    if (version == 0) return Error{ErrorCode::input, "the journal is empty", path, "run `nixie run` first"};
    if (version < schema_version())
        return Error{ErrorCode::database, fmt::format("the journal has the older version {}", version), path,
                     "run `nixie run` once: it brings the journal up to date"};
    return {};
}

void migrate(SQLite::Database& db) {
    // References are looked at when all is in its place.
    db.exec("PRAGMA foreign_keys = OFF");
    // The version is read inside the transaction: another process may be at the same steps.
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = version_of(db);
    if (version >= schema_version()) return;
    db.exec(drop_stable_views);
    if (version == 0)
        db.exec(whole_schema);
    else
        take_steps(db, version);
    db.exec(create_stable_views);
    db.exec(fmt::format("PRAGMA user_version = {}", schema_version()));
    transaction.commit();
}

} // namespace nixie

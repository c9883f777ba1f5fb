#include "store/schema.hpp"

#include <SQLiteCpp/Transaction.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include "store/columns.hpp"
#include "store/schema_steps.hpp"
#include "store/schema_views.hpp"

namespace nixie {
namespace {

int version_of(SQLite::Database& db) { return db.execAndGet("PRAGMA user_version").getInt(); }

void unhex(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
    const std::string bytes = text == nullptr ? "" : bytes_of(text);
    if (bytes.empty()) return sqlite3_result_null(context);
    sqlite3_result_blob(context, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
}

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
    // Newer SQLite has it by itself. References are looked at when all is in its place.
    db.createFunction("unhex", 1, true, nullptr, unhex, nullptr, nullptr, nullptr);
    db.exec("PRAGMA foreign_keys = OFF");
    // The version is read inside the transaction: another process may be at the same steps.
    SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
    const int version = version_of(db);
    if (version >= schema_version()) return;
    db.exec(drop_stable_views);
    for (int step = version; step < schema_version(); ++step) db.exec(schema_steps[static_cast<std::size_t>(step)]);
    db.exec(create_stable_views);
    db.exec(fmt::format("PRAGMA user_version = {}", schema_version()));
    transaction.commit();
}

} // namespace nixie

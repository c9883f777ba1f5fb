// The tables of the journal, and the steps that bring an older file up to date.
#pragma once

#include <SQLiteCpp/Database.h>

#include <string>

#include "nixie/result.hpp"

namespace nixie {

/// The PRAGMA user_version of a journal that this program reads and writes.
int schema_version();

/// Refuses a file of a newer program, and one that is no journal. Throws SQLite::Exception.
Result<void> check_known(SQLite::Database& db, const std::string& path);
/// Refuses also what migrate() would have to change. Throws SQLite::Exception.
Result<void> check_current(SQLite::Database& db, const std::string& path);
/// Makes the tables, or applies the missing steps, in one transaction. Throws SQLite::Exception.
void migrate(SQLite::Database& db);

} // namespace nixie

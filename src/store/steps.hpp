// From one version of the journal's schema to the next.
#pragma once

#include <SQLiteCpp/Database.h>

namespace nixie {

/// The steps behind that version, inside the caller's transaction and with foreign_keys off. Throws SQLite::Exception.
void take_steps(SQLite::Database& db, int version);

} // namespace nixie

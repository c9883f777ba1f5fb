#include "store/steps.hpp"

#include <sqlite3.h>

#include <string>

#include "store/columns.hpp"
#include "store/schema_steps.hpp"

namespace nixie {
namespace {

void unhex(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto* const text = reinterpret_cast<const char*>(sqlite3_value_text(arguments[0]));
    const std::string bytes = text == nullptr ? "" : bytes_of(text);
    if (bytes.empty()) return sqlite3_result_null(context);
    sqlite3_result_blob(context, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
}

} // namespace

void take_steps(SQLite::Database& db, int version) {
    // Newer SQLite has it by itself.
    db.createFunction("unhex", 1, true, nullptr, unhex, nullptr, nullptr, nullptr);
    for (auto step = static_cast<std::size_t>(version); step < schema_steps.size(); ++step) db.exec(schema_steps[step]);
}

} // namespace nixie

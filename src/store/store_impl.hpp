// What the files of this room share: the connection, its transactions, and small conversions.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Exception.h>
#include <SQLiteCpp/Statement.h>
#include <SQLiteCpp/Transaction.h>

#include <cassert>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/text.hpp"
#include "store/columns.hpp"
#include "store/privacy.hpp"
#include "store/store.hpp"
#include "store/texts.hpp"

namespace nixie {

/// What SQLite said, and what to do about it.
Error database_error(const SQLite::Exception& exception, const std::string& path);

/// A read-only connection that creates nothing beside the file.
Result<SQLite::Database> open_reader(const std::string& path, const AddressKeeper& keeper,
                                     std::chrono::milliseconds patience);

/// See Store::troubles().
std::vector<Trouble> read_troubles(SQLite::Database& db);

/// Of all that ever were due.
std::vector<DigestState> read_digests(SQLite::Database& db);

/// See Store::status().
JournalStatus read_status(SQLite::Database& db, const RetryPolicies& policies, Time now, std::size_t most_quarantined);

/// Runs `work` in one transaction; whatever SQLite throws becomes an Error and undoes it.
template <class Work>
auto in_transaction(SQLite::Database& db, SQLite::TransactionBehavior behavior, const std::string& path, Work&& work)
    -> Result<std::invoke_result_t<Work, SQLite::Database&>> {
    try {
        SQLite::Transaction transaction(db, behavior);
        if constexpr (std::is_void_v<std::invoke_result_t<Work, SQLite::Database&>>) {
            work(db);
            transaction.commit();
            return {};
        } else {
            auto answer = work(db);
            transaction.commit();
            return answer;
        }
    } catch (const SQLite::Exception& exception) {
        return database_error(exception, path);
    }
}

/// Remembers where messages with these keys lie now, inside the caller's transaction.
void note_places(SQLite::Database& db, const std::string& mailbox, const std::string& validity,
                 const NewPlaces& places);

/// Of the inbox with that validity, made if it is new; inside the caller's transaction.
std::int64_t inbox_row(SQLite::Database& db, const std::string& mailbox, const std::string& validity);

/// What tells recipients apart.
inline std::string recipient_key(std::string_view kept_address) { return to_lower(kept_address); }

struct Store::Impl {
    std::string path;
    AddressKeeper keeper;
    std::chrono::milliseconds patience{};
    std::optional<SQLite::Database> writer; ///< only with StoreAccess::write
    Sightings sightings;

    template <class Work>
    auto write(Work&& work) -> Result<std::invoke_result_t<Work, SQLite::Database&>> {
        assert(writer && "opened for reading");
        return in_transaction(*writer, SQLite::TransactionBehavior::IMMEDIATE, path, work);
    }

    /// The same with references between tables not looked after: for deleting where `work` sees to them itself.
    template <class Work>
    auto write_without_references(Work&& work) -> Result<std::invoke_result_t<Work, SQLite::Database&>> {
        try {
            writer->exec("PRAGMA foreign_keys = OFF");
            auto done = write(work);
            writer->exec("PRAGMA foreign_keys = ON");
            return done;
        } catch (const SQLite::Exception& exception) {
            return database_error(exception, path);
        }
    }

    /// A store opened for reading connects anew for each call: without a writer the file is read as immutable, which
    /// holds only as long as none comes.
    template <class Work>
    auto read(Work&& work) -> Result<std::invoke_result_t<Work, SQLite::Database&>> {
        if (writer) return in_transaction(*writer, SQLite::TransactionBehavior::DEFERRED, path, work);
        auto reader = open_reader(path, keeper, patience);
        if (!reader) return reader.error();
        return in_transaction(*reader, SQLite::TransactionBehavior::DEFERRED, path, work);
    }
};

inline std::int64_t to_unix(Time time) { return time.time_since_epoch().count(); }
inline Time from_unix(std::int64_t seconds) { return Time{Duration{seconds}}; }

/// Binds all, in their order.
template <class... Values>
void bind_all(SQLite::Statement& statement, const Values&... values) {
    [[maybe_unused]] int index = 0;
    (bind_value(statement, ++index, values), ...);
}

/// Binds, runs and resets, so that the statement serves the next row. Answers how many rows it changed. (RETURNING would cost ten
/// times as much as the change itself: SQLite makes a temporary table for it each time.)
template <class... Values>
int run(SQLite::Statement& statement, const Values&... values) {
    bind_all(statement, values...);
    const int changed = statement.exec();
    statement.reset();
    return changed;
}

/// Binds and steps to the first row, if there is one.
template <class... Values>
bool find_row(SQLite::Statement& statement, const Values&... values) {
    statement.reset();
    bind_all(statement, values...);
    return statement.executeStep();
}

} // namespace nixie

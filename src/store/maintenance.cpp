// Looking after the file: is it whole, a copy of it, and no more space than needed.
#include <SQLiteCpp/Backup.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fmt/format.h>

#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// More would not help anyone.
constexpr int most_problems = 50;

void add_rows(SQLite::Database& db, const std::string& sql, std::vector<std::string>& out) {
    SQLite::Statement select(db, sql);
    while (select.executeStep() && out.size() < most_problems)
        if (const auto text = select.getColumn(0).getString(); text != "ok") out.push_back(text);
}

/// What holds of every journal, whatever it holds.
constexpr const char* contradictions = R"sql(
    SELECT address || ' is suppressed, but not among the suppressions' FROM recipients AS r
    WHERE state = 'suppressed' AND NOT EXISTS (SELECT 1 FROM suppressions WHERE recipient = r.id)
    UNION ALL
    SELECT address || ' is among the suppressions, but ' || state FROM recipients AS r
    WHERE state <> 'suppressed' AND EXISTS (SELECT 1 FROM suppressions WHERE recipient = r.id)
    UNION ALL
    SELECT address || ' waits in no window' FROM recipients AS r
    WHERE state IN ('waiting', 'retried') AND NOT EXISTS (SELECT 1 FROM retries WHERE recipient = r.id AND outcome IS NULL)
    UNION ALL
    SELECT address || ' waits in several windows' FROM recipients AS r
    WHERE (SELECT count(*) FROM retries WHERE recipient = r.id AND outcome IS NULL) > 1
    UNION ALL
    SELECT address || ' has a newest report that is not there' FROM recipients AS r
    WHERE newest_soft_bounce IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bounce_rows WHERE id = r.newest_soft_bounce)
    UNION ALL
    SELECT address || ' is suppressed for a report that is not there' FROM suppressions AS s JOIN recipients AS r ON r.id = s.recipient
    WHERE s.bounce IS NOT NULL AND NOT EXISTS (SELECT 1 FROM bounce_rows WHERE id = s.bounce)
    LIMIT 50)sql";

Error cannot_write(const std::string& path) {
    return {ErrorCode::output, fmt::format("the copy cannot be made: {}", std::strerror(errno)), path,
            errno == EEXIST ? "name a file that is not there yet" : "check the folder and the space on its disk"};
}

} // namespace

Result<std::vector<std::string>> Store::check(Thoroughness thoroughness) {
    return impl_->read([&](SQLite::Database& db) {
        std::vector<std::string> out;
        const bool quick = thoroughness == Thoroughness::quick;
        add_rows(db, fmt::format("PRAGMA {}_check({})", quick ? "quick" : "integrity", most_problems), out);
        if (quick || !out.empty()) return out; // what a broken file says of its rows means nothing
        add_rows(db,
                 "SELECT 'a row of ' || \"table\" || ' refers to a row of ' || parent || ' that is not there' "
                 "FROM pragma_foreign_key_check LIMIT 50",
                 out);
        add_rows(db, contradictions, out);
        return out;
    });
}

Result<void> Store::back_up(const std::string& path) {
    assert(impl_->writer);
    // Under another name until it is whole: who finds `path` finds a good copy.
    const std::string part = path + ".part";
    if (::access(path.c_str(), F_OK) == 0) {
        errno = EEXIST;
        return cannot_write(path);
    }
    ::unlink(part.c_str());
    const int file = ::open(part.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return cannot_write(path);
    ::close(file);
    try {
        SQLite::Database copy(part, SQLite::OPEN_READWRITE);
        SQLite::Backup(copy, *impl_->writer).executeStep();
        copy.exec("PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL");
    } catch (const SQLite::Exception& exception) {
        ::unlink(part.c_str());
        return database_error(exception, path);
    }
    if (::rename(part.c_str(), path.c_str()) != 0) return cannot_write(path);
    return {};
}

Result<void> Store::vacuum() {
    assert(impl_->writer);
    try {
        impl_->writer->exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
        return {};
    } catch (const SQLite::Exception& exception) {
        return database_error(exception, impl_->path);
    }
}

} // namespace nixie

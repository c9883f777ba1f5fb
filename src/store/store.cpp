#include "store/store.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "store/schema.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

std::string remedy_for(int code) {
    switch (code) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return "another program is writing to the journal: wait for it to end";
        case SQLITE_FULL:
            return "free disk space";
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return "check the permissions of the file and of its folder";
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return "restore the journal from a backup, or move it away to begin a new one";
        case SQLITE_IOERR:
            return "check the disk";
        default:
            return {};
    }
}

/// SQLite would take a name that begins with "file:" for a URI: so it always gets one.
std::string uri(const std::string& path, std::string_view parameters) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out = "file:";
    for (const char c : path) {
        if (c == '%' || c == '?' || c == '#') {
            const auto byte = static_cast<unsigned char>(c);
            out += {'%', digits[byte >> 4], digits[byte & 15]};
        } else {
            out += c;
        }
    }
    return out.append(parameters);
}

bool exists(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
}

Error no_journal(const std::string& path) {
    return {ErrorCode::input, "no journal yet", path, "run `nixie run` first or check `state` in the configuration"};
}

/// SQLite does not wait for others when it changes the journal mode, whatever its busy timeout.
void use_write_ahead_log(SQLite::Database& db, std::chrono::milliseconds patience) {
    constexpr std::chrono::milliseconds pause(20);
    for (auto waited = std::chrono::milliseconds(0);; waited += pause) {
        try {
            db.exec("PRAGMA journal_mode = WAL");
            return;
        } catch (const SQLite::Exception& exception) {
            if (exception.getErrorCode() != SQLITE_BUSY || waited > patience) throw;
        }
        std::this_thread::sleep_for(pause);
    }
}

/// SQLite counts every allocation, under a lock, for statistics that nobody asks for. Too late once a database was open: no harm.
void forgo_statistics() {
    static const int done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    static_cast<void>(done);
}

/// Five hundred messages change more pages than SQLite keeps by itself (2 MB) or lets wait for the file (1000), so that each batch
/// would read its own pages again and copy them all. A large journal's indices have upper levels of some ten MB: they are to stay.
constexpr int cache_kib = 64 * 1024, pages_before_checkpoint = 16'000;

void set_for_batches(SQLite::Database& db) {
    db.exec(fmt::format("PRAGMA cache_size = -{}; PRAGMA wal_autocheckpoint = {}; PRAGMA temp_store = MEMORY",
                        cache_kib, pages_before_checkpoint));
}

/// A journal whose addresses are kept in one way cannot go on in another: nobody would be found again.
Result<void> check_privacy(SQLite::Database& db, const std::string& path, const AddressKeeper& keeper,
                           StoreAccess access) {
    std::string mark;
    {
        SQLite::Statement select(db, "SELECT value FROM settings WHERE name = 'addresses'");
        if (select.executeStep()) mark = select.getColumn(0).getString();
    }
    if (mark.empty() && access == StoreAccess::write) {
        SQLite::Transaction transaction(db, SQLite::TransactionBehavior::IMMEDIATE);
        const bool used = db.execAndGet("SELECT EXISTS (SELECT 1 FROM recipients)").getInt() != 0;
        mark = used ? "plain" : keeper.mark();
        SQLite::Statement insert(db,
                                 "INSERT INTO settings (name, value) VALUES ('addresses', ?) ON CONFLICT DO NOTHING");
        run(insert, mark);
        transaction.commit();
    }
    if (mark.empty() || mark == keeper.mark()) return {};
    const bool is_plain = mark == "plain";
    if (is_plain || !keeper.hashed())
        return Error{ErrorCode::config,
                     is_plain ? "the journal holds plain addresses, but [privacy] wants hashes"
                              : "the journal holds hashed addresses, but [privacy] wants plain ones",
                     path, "set `addresses` in [privacy] back, or begin a new journal with another `state`"};
    return Error{ErrorCode::config, "the journal's addresses were hashed with another key", path,
                 "put the old key back into the file that `key_file` in [privacy] names"};
}

Error not_created(const std::string& path, int cause) {
    const std::string what = std::string("the journal cannot be created: ") + std::strerror(cause);
    if (cause != ENOENT) return {ErrorCode::database, what, path, remedy_for(SQLITE_CANTOPEN)};
    return {ErrorCode::database, what, path, "create the folder " + std::filesystem::path(path).parent_path().string()};
}

/// A file of its own, which belongs to its owner alone, until it gets the name of the journal. (SQLite would create it with the
/// umask's mode; -wal and -shm take over the journal's.)
class Draft {
  public:
    explicit Draft(const std::string& path) : name_(path + ".XXXXXX") {
        file_ = ::mkostemp(name_.data(), O_CLOEXEC);
        note(file_ >= 0 && ::fchmod(file_, S_IRUSR | S_IWUSR) == 0);
        if (file_ < 0) name_.clear();
    }
    ~Draft() {
        if (file_ >= 0) ::close(file_);
        if (!name_.empty()) ::unlink(name_.c_str());
    }
    Draft(const Draft&) = delete;
    Draft& operator=(const Draft&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    /// What errno said, or 0.
    [[nodiscard]] int failure() const { return failure_; }
    /// Unless somebody else was quicker. The folder is synced with the first commit, for which SQLite makes a -wal in it.
    void become(const std::string& path) {
        note(::fsync(file_) == 0);
        ::close(std::exchange(file_, -1)); // under the journal's name that would undo another thread's locks
        if (failure_ == 0) note(::link(name_.c_str(), path.c_str()) == 0 || errno == EEXIST || renamed(path));
    }

  private:
    /// Where the file system knows no links. There somebody as quick as this could lose.
    [[nodiscard]] bool renamed(const std::string& path) const {
        return (errno == EPERM || errno == ENOTSUP) && ::rename(name_.c_str(), path.c_str()) == 0;
    }
    void note(bool done) {
        if (!done && failure_ == 0) failure_ = errno;
    }

    std::string name_;
    int file_ = -1;
    int failure_ = 0;
};

/// A new journal is made under another name, and gets its own when it is whole: nobody meets half of one, and the disk is waited
/// for once. Throws SQLite::Exception.
Result<void> create(const std::string& path, const AddressKeeper& keeper) {
    if (exists(path)) return {};
    Draft draft(path);
    if (draft.failure() != 0) return not_created(path, draft.failure());
    {
        SQLite::Database db(uri(draft.name(), ""), SQLite::OPEN_READWRITE | SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX);
        db.exec("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
        migrate(db);
        if (auto marked = check_privacy(db, path, keeper, StoreAccess::write); !marked) return marked;
        db.exec("PRAGMA journal_mode = WAL");
    }
    draft.become(path);
    return draft.failure() == 0 ? Result<void>{} : not_created(path, draft.failure());
}

Result<SQLite::Database> open_writer(const std::string& path, const AddressKeeper& keeper,
                                     std::chrono::milliseconds patience) {
    try {
        forgo_statistics();
        if (auto created = create(path, keeper); !created) return created.error();
        // One thread at a time uses a Store.
        SQLite::Database db(uri(path, ""), SQLite::OPEN_READWRITE | SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX,
                            static_cast<int>(patience.count()));
        if (auto known = check_known(db, path); !known) return known.error();
        use_write_ahead_log(db, patience);
        db.exec("PRAGMA synchronous = FULL");
        set_for_batches(db);
        migrate(db);
        db.exec("PRAGMA foreign_keys = ON");
        if (auto same = check_privacy(db, path, keeper, StoreAccess::write); !same) return same.error();
        return db;
    } catch (const SQLite::Exception& exception) {
        return database_error(exception, path);
    }
}

} // namespace

Error database_error(const SQLite::Exception& exception, const std::string& path) {
    // Extended codes keep the plain one in their low byte.
    return {ErrorCode::database, exception.what(), path, remedy_for(exception.getErrorCode() & 0xFF)};
}

Result<SQLite::Database> open_reader(const std::string& path, const AddressKeeper& keeper,
                                     std::chrono::milliseconds patience) {
    if (!exists(path)) return no_journal(path);
    // Even a read-only connection creates -wal and -shm where they are missing. No -wal means that nobody writes and
    // all is in the file; a -wal without its -shm could only be read by creating the latter.
    const bool quiet = !exists(path + "-wal");
    if (!quiet && !exists(path + "-shm"))
        return Error{ErrorCode::database, "the journal was copied or left with changes not yet merged", path,
                     "run `nixie run` once: it merges them"};
    try {
        SQLite::Database db(uri(path, quiet ? "?immutable=1" : ""), SQLite::OPEN_READONLY | SQLite::OPEN_URI,
                            static_cast<int>(patience.count()));
        if (auto current = check_current(db, path); !current) return current.error();
        if (auto same = check_privacy(db, path, keeper, StoreAccess::read); !same) return same.error();
        return db;
    } catch (const SQLite::Exception& exception) {
        return database_error(exception, path);
    }
}

std::string_view name(Stage stage) {
    constexpr std::array<std::string_view, 3> names{"planned", "stored", "filed"};
    return names[static_cast<std::size_t>(stage)];
}

Result<Store> Store::open(const std::string& path, StoreAccess access, Privacy privacy,
                          std::chrono::milliseconds patience) {
    AddressKeeper keeper(std::move(privacy));
    if (access == StoreAccess::amend && !exists(path)) return no_journal(path);
    auto connection =
        access == StoreAccess::read ? open_reader(path, keeper, patience) : open_writer(path, keeper, patience);
    if (!connection) return connection.error();
    auto impl = std::make_unique<Impl>();
    impl->path = path;
    impl->keeper = std::move(keeper);
    impl->patience = patience;
    if (access != StoreAccess::read) impl->writer.emplace(std::move(*connection));
    return Store(std::move(impl));
}

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;
Store::~Store() = default;

} // namespace nixie

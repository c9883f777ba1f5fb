#include <SQLiteCpp/SQLiteCpp.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "store/schema.hpp"
#include "unit/store/journal.hpp"

using namespace nixie;
using Uids = std::vector<std::string>;

namespace {

std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
void write(const std::string& path, std::string_view bytes) { std::ofstream(path, std::ios::binary) << bytes; }

Error open_error(const std::string& path, StoreAccess access) {
    const auto store = Store::open(path, access);
    REQUIRE_FALSE(store);
    CHECK(store.error().where == path);
    CHECK_FALSE(store.error().remedy.empty());
    return store.error();
}

/// A journal with one message in it, closed again.
std::string closed_journal(const TemporaryDirectory& directory, const std::string& name = "state.db") {
    auto store = must(Store::open(directory.file(name), StoreAccess::write));
    must(store.record(std::vector{soft_bounce("1", "ann@example.org", noon)}, RetryPolicy{}, noon));
    return directory.file(name);
}

} // namespace

TEST_CASE("open: a new journal belongs to its owner alone, whatever the umask") {
    const auto mask = GENERATE(mode_t{0}, mode_t{022}, mode_t{0277});
    TemporaryDirectory directory;
    const auto before = ::umask(mask);
    const auto store = Store::open(directory.file("state.db"), StoreAccess::write);
    ::umask(before);
    REQUIRE(store.ok());
    struct stat status {};
    for (const auto& name : directory.listing()) {
        REQUIRE(::stat(directory.file(name).c_str(), &status) == 0);
        CHECK((status.st_mode & 07777) == 0600);
    }
}

TEST_CASE("open: names that mean something in a URI are names") {
    TemporaryDirectory directory;
    const auto name = GENERATE(as<std::string>{}, "a?mode=memory", "50%25", "a#b", "file:state.db", "with space");
    const auto path = closed_journal(directory, name);
    CHECK(directory.listing() == std::set<std::string>{name});
    CHECK(must(must(Store::open(path, StoreAccess::read)).recipient("ann@example.org")));
}

TEST_CASE("open: a folder that is not there is not made; the error says to create it") {
    TemporaryDirectory directory;
    const auto error = open_error(directory.file("missing/state.db"), StoreAccess::write);
    CHECK(error.code == ErrorCode::database);
    CHECK(error.remedy == "create the folder " + directory.file("missing"));
    CHECK(directory.listing().empty());
}

TEST_CASE("open: a folder in the journal's place is an error") {
    TemporaryDirectory directory;
    const auto access = GENERATE(StoreAccess::read, StoreAccess::write);
    CHECK(open_error(directory.path().string(), access).code == ErrorCode::database);
}

TEST_CASE("open: a file that is no database, or no journal, is refused and left as it is") {
    TemporaryDirectory directory;
    const auto access = GENERATE(StoreAccess::read, StoreAccess::write);
    const auto path = directory.file("state.db");
    SECTION("text") { write(path, std::string(5000, 'x')); }
    SECTION("another program's database") {
        SQLite::Database(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE other (x)");
    }
    const auto before = content(path);
    CHECK(open_error(path, access).code == ErrorCode::database);
    CHECK(content(path) == before);
}

TEST_CASE("open: a journal of a newer program asks for an upgrade") {
    TemporaryDirectory directory;
    const auto access = GENERATE(StoreAccess::read, StoreAccess::write);
    const auto path = closed_journal(directory);
    SQLite::Database(path, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
    const auto error = open_error(path, access);
    CHECK(error.code == ErrorCode::database);
    CHECK(error.what ==
          "the journal has version 99, this nixie knows versions up to " + std::to_string(schema_version()));
    CHECK(error.remedy == "upgrade nixie");
}

TEST_CASE("open: a file that was created and then lost its program becomes a journal") {
    TemporaryDirectory directory;
    const auto path = directory.file("state.db");
    write(path, "");
    CHECK(open_error(path, StoreAccess::read).code == ErrorCode::input);
    CHECK(Store::open(path, StoreAccess::write).ok());
}

TEST_CASE("open: many at once on a new file all find a journal") {
    TemporaryDirectory directory;
    std::vector<std::string> failures(8);
    std::vector<std::thread> threads;
    for (auto& failure : failures)
        threads.emplace_back([&failure, path = directory.file("state.db")] {
            const auto store = Store::open(path, StoreAccess::write);
            if (!store) failure = store.error().text();
        });
    for (auto& thread : threads) thread.join();
    for (const auto& failure : failures) CHECK(failure == "");
}

TEST_CASE("store: a damaged page is an error that tells of backups, never a crash") {
    TemporaryDirectory directory;
    const auto path = closed_journal(directory);
    const auto root =
        SQLite::Database(path).execAndGet("SELECT rootpage FROM sqlite_schema WHERE name = 'message_rows'").getInt();
    constexpr std::size_t page = 4096;
    write(path, content(path).replace(static_cast<std::size_t>(root - 1) * page, page, page, '\x5A'));
    auto store = Store::open(path, StoreAccess::write);
    REQUIRE(store.ok());
    const auto planned = store->plan("bounces", "7", Uids{"1"});
    REQUIRE_FALSE(planned);
    CHECK(planned.error().code == ErrorCode::database);
    CHECK(planned.error().remedy == "restore the journal from a backup, or move it away to begin a new one");
}

TEST_CASE("store: locked for longer than it has patience, it says who is to be waited for, and loses nothing") {
    Journal journal;
    auto other = must(Store::open(journal.path, StoreAccess::write, {}, std::chrono::milliseconds(50)));
    SQLite::Database holder(journal.path, SQLite::OPEN_READWRITE);
    holder.exec("BEGIN IMMEDIATE");
    const std::vector message{soft_bounce("1", "ann@example.org", noon)};
    const auto locked = other.record(message, journal.policy, noon);
    REQUIRE_FALSE(locked);
    CHECK(locked.error().code == ErrorCode::database);
    CHECK(locked.error().remedy == "another program is writing to the journal: wait for it to end");
    CHECK(must(other.progress("bounces", "7", Uids{"1"})).empty()); // reading goes on
    holder.exec("ROLLBACK");
    CHECK(must(other.record(message, journal.policy, noon)).size() == 1);
}

TEST_CASE("store: a failed call changes nothing") {
    Journal journal;
    SQLite::Database(journal.path, SQLite::OPEN_READWRITE)
        .exec("CREATE TRIGGER t BEFORE INSERT ON outbox BEGIN SELECT raise(ABORT, 'no space'); END");
    const auto recorded =
        journal.store.record(std::vector{soft_bounce("1", "ann@example.org", noon)}, journal.policy, noon);
    REQUIRE_FALSE(recorded);
    CHECK(recorded.error().what == "no space");
    CHECK(must(journal.store.progress("bounces", "7", Uids{"1"})).empty());
    CHECK_FALSE(must(journal.store.recipient("ann@example.org")));
}

TEST_CASE("store: two on one file see each other's work") {
    Journal journal;
    auto other = must(Store::open(journal.path, StoreAccess::write));
    must(journal.store.plan("bounces", "7", Uids{"1"}));
    CHECK(must(other.plan("bounces", "7", Uids{"1"})).front().attempts == 2);
    journal.record(soft_bounce("1", "ann@example.org", noon));
    CHECK(must(other.unfiled("bounces", "7")).size() == 1);
    must(other.record(std::vector{soft_bounce("1", "ann@example.org", noon)}, journal.policy, noon));
    CHECK(journal.recipient("ann@example.org").history.soft_bounces == 1);
}

TEST_CASE("store: two writing at the same time wait for each other and lose nothing") {
    Journal journal;
    constexpr int rounds = 50;
    std::vector<std::string> failures(2);
    std::vector<std::thread> threads;
    for (auto& failure : failures)
        threads.emplace_back([&failure, path = journal.path] {
            auto store = Store::open(path, StoreAccess::write);
            for (int i = 0; i < rounds && failure.empty(); ++i) {
                const auto planned = store->plan("bounces", "7", Uids{"1", "2"});
                if (!planned) failure = planned.error().text();
            }
        });
    for (auto& thread : threads) thread.join();
    for (const auto& failure : failures) CHECK(failure == "");
    for (const auto& one : must(journal.store.progress("bounces", "7", Uids{"1", "2"})))
        CHECK(one.attempts == 2 * rounds);
}

TEST_CASE("read access: without a journal the error says what to do, and nothing is made") {
    TemporaryDirectory directory;
    const auto error = open_error(directory.file("state.db"), StoreAccess::read);
    CHECK(error.code == ErrorCode::input);
    CHECK(error.what == "no journal yet");
    CHECK(directory.listing().empty());
}

TEST_CASE("read access: a closed journal is left with nothing beside it and not a byte changed") {
    TemporaryDirectory directory;
    const auto path = closed_journal(directory);
    const auto before = content(path);
    {
        auto reader = must(Store::open(path, StoreAccess::read));
        CHECK(must(reader.recipient("ann@example.org")));
        CHECK(directory.listing() == std::set<std::string>{"state.db"});
    }
    CHECK(directory.listing() == std::set<std::string>{"state.db"});
    CHECK(content(path) == before);
}

TEST_CASE("read access: sees what a writer commits, before, while and after it is there") {
    TemporaryDirectory directory;
    const auto path = closed_journal(directory);
    auto reader = must(Store::open(path, StoreAccess::read));
    CHECK_FALSE(must(reader.recipient("bob@example.org")));
    {
        auto writer = must(Store::open(path, StoreAccess::write));
        must(writer.record(std::vector{soft_bounce("2", "bob@example.org", noon)}, RetryPolicy{}, noon));
        CHECK(must(reader.recipient("bob@example.org")));
        const auto beside = directory.listing();
        must(writer.record(std::vector{soft_bounce("3", "cy@example.org", noon)}, RetryPolicy{}, noon));
        CHECK(must(reader.recipient("cy@example.org")));
        CHECK(directory.listing() == beside);
    }
    CHECK(must(reader.recipient("cy@example.org")));
    CHECK(directory.listing() == std::set<std::string>{"state.db"});
}

TEST_CASE("read access: a crashed writer's committed work is seen, and its files stay") {
    Journal journal;
    journal.record(soft_bounce("1", "ann@example.org", noon));
    TemporaryDirectory crashed;
    std::filesystem::copy(journal.directory.path(), crashed.path(), std::filesystem::copy_options::recursive);
    REQUIRE(crashed.listing().size() == 3);
    {
        auto reader = must(Store::open(crashed.file("state.db"), StoreAccess::read));
        CHECK(must(reader.recipient("ann@example.org")));
    }
    CHECK(crashed.listing().size() == 3);

    std::filesystem::remove(crashed.file("state.db-shm"));
    CHECK(open_error(crashed.file("state.db"), StoreAccess::read).code == ErrorCode::database);
    CHECK(crashed.listing().size() == 2);
    CHECK(must(must(Store::open(crashed.file("state.db"), StoreAccess::write)).recipient("ann@example.org")));
}

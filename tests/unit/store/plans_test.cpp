// How SQLite finds rows: for nothing that is done again and again does it look through a table that grows.
#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <sstream>

#include "unit/store/journal.hpp"

using namespace nixie;

namespace {

std::set<std::string> statements_run;

int note_statement(unsigned, void*, void* statement, void*) {
    if (const char* const sql = sqlite3_sql(static_cast<sqlite3_stmt*>(statement))) statements_run.emplace(sql);
    return 0;
}

int listen(sqlite3* db, char**, const sqlite3_api_routines*) {
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT, note_statement, nullptr);
}

/// Notes every statement that runs on connections made while it is there.
class Listening {
  public:
    Listening() {
        statements_run.clear();
        sqlite3_auto_extension(reinterpret_cast<void (*)()>(listen));
    }
    ~Listening() { sqlite3_reset_auto_extension(); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;
};

std::vector<std::string> plan_of(SQLite::Database& db, const std::string& sql) {
    SQLite::Statement explain(db, "EXPLAIN QUERY PLAN " + sql);
    std::vector<std::string> out;
    while (explain.executeStep()) out.push_back(explain.getColumn(3).getString());
    return out;
}

/// Of a table that grows with what is reported, or of an index as large. Indices of what is open at a time stay small.
bool is_long_scan(const std::string& step) {
    // "t" are the troubles, "removal" as many as are shown, and the subquery what is open in the outbox.
    static const std::set<std::string> few{"mailboxes", "folders",  "troubles", "campaigns", "settings",    "counters",
                                           "digests",   "CONSTANT", "t",        "removal",   "(subquery-2)"};
    static const std::set<std::string> small{"messages_in_quarantine", "messages_to_file",  "bounces_held",
                                             "outbox_to_address",      "deliveries_open",   "deliveries_dead",
                                             "recipients_on_clock",    "troubles_that_last"};
    std::istringstream words(step);
    std::string word, table, index;
    if (!(words >> word >> table) || word != "SCAN") return false;
    while (words >> word)
        if (word == "INDEX") words >> index;
    return !few.contains(table) && !small.contains(index);
}

/// What the worker does again and again, and what people ask for: every call once at least.
void work_and_ask(Journal& journal) {
    Store& store = journal.store;
    const std::vector<std::string> uids{"1", "2"};
    const std::vector records{soft_bounce("1", "ann@example.org", noon), hard_bounce("2", "bob@example.org", noon)};
    NewPlaces places{"Bounces/bounce", "8", {{"1", "11"}, {"2", "12"}}};
    must(store.plan("bounces", "7", uids));
    must(store.progress("bounces", "7", uids));
    must(store.record(records, journal.policy, noon));
    must(store.unfiled("bounces", "7"));
    must(store.filed("bounces", "7", uids, noon, std::vector{places}));
    must(store.found("bounces", "Bounces/bounce", "8", std::vector<FoundMessage>{{"13", "content-of-1"}}));
    must(store.unknown_in("bounces", "Bounces/bounce", "8", uids));
    auto other_verdict = hard_bounce("1", "ann@example.org", noon);
    must(store.returned("bounces", "7", std::vector<std::string>{"1"}));
    must(store.record(std::vector{other_verdict}, journal.policy, noon));
    must(store.advance(journal.policy, noon + 2 * hour));
    for (const auto& event : must(store.outbox(100, noon + 2 * hour))) journal.tell(event, noon + 2 * hour);
    must(store.due(Store::Include::due, journal.policy, noon + 2 * hour));
    must(store.due(Store::Include::waiting, journal.policy, noon));
    must(store.take_due(journal.policy, noon + 2 * hour));
    must(store.recipient("ann@example.org"));
    must(store.status(journal.policy, noon, 20));
    must(store.mailbox("bounces"));
    must(store.summary(noon - hour, noon + hour, 10));
}

} // namespace

TEST_CASE("journal: nothing that is done again and again looks through a table that grows") {
    Journal journal;
    const Listening listening;
    journal.store = must(Store::open(journal.path, StoreAccess::write));
    work_and_ask(journal);
    SQLite::Database db(journal.path, SQLite::OPEN_READONLY);
    std::size_t looked_at = 0;
    for (const auto& sql : statements_run) {
        if (sql.find("sqlite_schema") != std::string::npos) continue;
        if (sql.find("FROM ") == std::string::npos && sql.find("WHERE ") == std::string::npos) continue;
        ++looked_at;
        for (const auto& step : plan_of(db, sql)) {
            CAPTURE(sql, step);
            CHECK_FALSE(is_long_scan(step));
        }
    }
    CHECK(looked_at > 40);
}

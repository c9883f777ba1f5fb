// What the journal costs as it grows: recording a message, `due` and `recipient` answered, bytes on disk.
//
// usage: bench_store FOLDER MINUTES RECIPIENTS...     grows one journal in FOLDER to so many recipients, five bounces each
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include "store/store.hpp"

using namespace nixie;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::int64_t bounces_each = 5;
constexpr std::int64_t rows_at_once = 500'000;
constexpr std::size_t people_due = 200;
constexpr int batch_messages = 500, batches = 8, lookups = 200;
const Time now{std::chrono::seconds{1'795'262'400}}; // 2026-11-21T12:00:00Z

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

template <class T>
T must(Result<T> result) {
    if (result) return std::move(result).value();
    fmt::print(stderr, "{}\n", result.error().text());
    std::exit(1);
}

std::string address_of(std::int64_t recipient) {
    return fmt::format("reader{:08}@domain{}.example", recipient, recipient % 997);
}

/// What many years of mail would have left, put in at once: only its size and shape matter here.
class Filler {
  public:
    explicit Filler(const std::string& path) : db_(path, SQLite::OPEN_READWRITE) {
        db_.exec(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA locking_mode = "
            "EXCLUSIVE");
        SQLite::Statement select(db_,
                                 "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL "
                                 "AND tbl_name IN ('messages', 'bounces')");
        while (select.executeStep())
            indexes_.emplace_back(select.getColumn(0).getString(), select.getColumn(1).getString());
    }
    ~Filler() { db_.exec("PRAGMA journal_mode = WAL"); }

    /// False if the time was over before it was done.
    bool grow(std::int64_t from, std::int64_t to, Clock::time_point end) {
        for (const auto& [name, sql] : indexes_) db_.exec("DROP INDEX " + name);
        bool done = true;
        for (std::int64_t at = from; at < to && done; at += rows_at_once / bounces_each) {
            add(at, std::min(to, at + rows_at_once / bounces_each));
            done = Clock::now() < end;
        }
        for (const auto& [name, sql] : indexes_) db_.exec(sql);
        db_.exec(
            fmt::format("UPDATE recipients SET state = 'waiting', due_at = {0}, last_bounce = {0}, "
                        "newest_soft_bounce = id * {1} WHERE id <= {2}",
                        now.time_since_epoch().count() - 60, bounces_each, people_due));
        return done;
    }

  private:
    void add(std::int64_t from, std::int64_t to) {
        db_.exec("BEGIN");
        db_.exec(fmt::format(R"sql(
            WITH RECURSIVE n(i) AS (SELECT {0} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {1})
            INSERT INTO recipients (id, address_key, address, state, last_bounce, soft_bounces, hard_bounces, strikes)
            SELECT i + 1, a, a, s, 1790000000, 4, s = 'suppressed', '20500/soft/quota-issues'
            FROM (SELECT i, printf('reader%08d@domain%d.example', i, i % 997) AS a,
                         CASE i % 10 WHEN 0 THEN 'suppressed' WHEN 1 THEN 'exhausted' ELSE 'clear' END AS s FROM n))sql",
                             from, to));
        const auto first = from * bounces_each, last = to * bounces_each;
        db_.exec(fmt::format(R"sql(
            WITH RECURSIVE n(i) AS (SELECT {0} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {1})
            INSERT INTO messages (id, mailbox, validity, uid, stage, attempts, sha256, size, arrived, kind, folder, format,
                                  reporting_mta, original_message_id, original_subject, campaign, recorded_at, filed_at)
            SELECT i + 1, 'bounces', '7', printf('%09d', i), 'filed', 1, lower(hex(randomblob(32))), 4000, 1700000000 + i,
                   'bounce', 'Bounces/quota-issues', 'postfix', 'mta.sender.example',
                   printf('edition.%d.%d@sender.example', i / 100000, i), 'Edition: gardens in spring',
                   printf('edition-%d', i / 100000), 1700000000 + i, 1700000000 + i FROM n)sql",
                             first, last));
        db_.exec(fmt::format(R"sql(
            WITH RECURSIVE n(i) AS (SELECT {0} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {1})
            INSERT INTO bounces (id, message, recipient, kind, arrived, address, reason, category, type, status, smtp_code,
                                 action, diagnostic, remote_mta, rule, matched, decision, cause)
            SELECT i + 1, i + 1, i / {2} + 1, 'bounce', 1700000000 + i,
                   printf('reader%08d@domain%d.example', i / {2}, i / {2} % 997), 'mailbox-full', 'quota-issues', 'soft',
                   '4.2.2', '452', 'failed', '452 4.2.2 The recipient''s mailbox is full, please try again later',
                   'mx1.domain.example', 'mailbox-full.wording', 'mailbox is full', 'none',
                   'soft bounce before another try was due' FROM n)sql",
                             first, last, bounces_each));
        db_.exec("COMMIT");
    }

    SQLite::Database db_;
    std::vector<std::pair<std::string, std::string>> indexes_;
};

MessageRecord message_about(const std::string& address, const std::string& uid) {
    MessageRecord message;
    message.key = {"bounces", "7", uid};
    message.sha256 = fmt::format("{:0>64}", uid);
    message.size = 4000;
    message.arrived = now;
    message.kind = Kind::bounce;
    message.folder = "Bounces/quota-issues";
    message.format = "postfix";
    message.reporting_mta = "mta.sender.example";
    message.original_message_id = uid + "@sender.example";
    message.original_subject = "Edition: gardens in spring";
    message.campaign = "edition-now";
    BounceRecord bounce;
    bounce.address = address;
    bounce.reason = Reason::mailbox_full;
    bounce.category = Category::quota_issues;
    bounce.status = "4.2.2";
    bounce.smtp_code = "452";
    bounce.action = "failed";
    bounce.diagnostic = "452 4.2.2 The recipient's mailbox is full, please try again later";
    bounce.remote_mta = "mx1.domain.example";
    bounce.rule = "mailbox-full.wording";
    bounce.matched = "mailbox is full";
    message.bounces.push_back(bounce);
    return message;
}

/// Two in three are known already, anywhere in the file.
double microseconds_a_message(Store& store, std::int64_t recipients, std::mt19937_64& dice) {
    static std::int64_t uid = 5'000'000'000;
    std::vector<double> costs;
    for (int batch = 0; batch < batches; ++batch) {
        std::vector<MessageRecord> messages;
        std::vector<std::string> uids;
        for (int i = 0; i < batch_messages; ++i) {
            const auto who = static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(recipients));
            uids.push_back(std::to_string(uid++));
            messages.push_back(
                message_about(i % 3 == 0 ? "new" + uids.back() + "@domain.example" : address_of(who), uids.back()));
        }
        const auto begin = Clock::now();
        must(store.plan("bounces", "7", uids));
        must(store.record(messages, RetryPolicy{}, now));
        if (!store.filed("bounces", "7", uids, now)) std::exit(1);
        costs.push_back(seconds_since(begin) * 1e6 / batch_messages);
    }
    std::sort(costs.begin(), costs.end());
    return costs[costs.size() / 2];
}

double milliseconds_of_due(Store& store) {
    const auto begin = Clock::now();
    const auto due = must(store.due(Store::Include::due, RetryPolicy{}, now));
    if (due.size() != people_due) std::exit(1);
    return seconds_since(begin) * 1e3;
}

double milliseconds_of_recipient(Store& store, std::int64_t recipients, std::mt19937_64& dice) {
    const auto begin = Clock::now();
    for (int i = 0; i < lookups; ++i)
        must(store.recipient(address_of(static_cast<std::int64_t>(dice() % static_cast<std::uint64_t>(recipients)))));
    return seconds_since(begin) * 1e3 / lookups;
}

} // namespace

int main(int argc, char** argv) {
    if (argc < 4) return 2;
    const std::string path = std::string(argv[1]) + "/bench.db";
    const auto end = Clock::now() + std::chrono::minutes(std::atoi(argv[2]));
    std::mt19937_64 dice(7);
    fmt::print("{:>10} {:>10} {:>14} {:>10} {:>13} {:>13}\n", "recipients", "bounces", "us a message", "due, ms",
               "recipient, ms", "bytes/bounce");
    for (int i = 3; i < argc; ++i) {
        // Each size begins anew: measuring leaves its own rows behind.
        for (const char* beside : {"", "-wal", "-shm"}) std::filesystem::remove(path + beside);
        must(Store::open(path, StoreAccess::write));
        const std::int64_t filled = std::atoll(argv[i]);
        const bool whole = Filler(path).grow(0, filled, end);
        if (!whole) {
            fmt::print("{:>10} did not fit into {} minutes\n", argv[i], argv[2]);
            break;
        }
        const auto size = std::filesystem::file_size(path);
        auto store = must(Store::open(path, StoreAccess::write));
        const double due = milliseconds_of_due(store), recipient = milliseconds_of_recipient(store, filled, dice);
        const double message = microseconds_a_message(store, filled, dice);
        fmt::print("{:>10} {:>10} {:>14.0f} {:>10.2f} {:>13.3f} {:>13.0f}\n", filled, filled * bounces_each, message,
                   due, recipient, static_cast<double>(size) / static_cast<double>(filled * bounces_each));
        std::fflush(stdout);
    }
    for (const char* beside : {"", "-wal", "-shm"}) std::filesystem::remove(path + beside);
}

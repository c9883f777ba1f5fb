#include "bench/store_past.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <numeric>

#include "store/columns.hpp"
#include "store/texts.hpp"

namespace nixie {
namespace {

using std::chrono::hours;

/// In the place of six hexadecimal digits wherever slices differ.
constexpr const char* marker = "zzzzzz";
constexpr std::int64_t slice_messages = slice_recipients * bounces_each;
constexpr std::int64_t providers = 20, own_domains = 10;
constexpr hours forever{24 * 365 * 1000}, events_kept{24 * 30}, counts_kept{24 * 400};
/// So long it takes until the last of a slice is settled.
constexpr hours weeks_of_slice{24 * 60};

/// Numbers near each other come to lie far from each other, and no two on the same place.
std::string mark_of(std::int64_t slice) {
    return slice == 0 ? marker : fmt::format("{:06x}", (slice * 0x9E3779B1) & 0xFFFFFF);
}

struct Incident {
    std::int64_t reader, number;
    Duration after; ///< the beginning of the slice
};

/// Half of the readers bounce on after each window, a quarter within an hour and never again, and the others hard or blocked.
std::vector<Incident> incidents() {
    using namespace std::chrono_literals;
    constexpr std::array<Duration, bounces_each> windows{0h, 3h, 48h, 264h, 504h}, hour{0h, 10min, 20min, 30min, 40min};
    std::vector<Incident> out;
    for (std::int64_t i = 0; i < slice_recipients; ++i)
        for (std::int64_t j = 0; j < bounces_each; ++j) {
            const auto begin = Duration(i * 86400 / slice_recipients);
            out.push_back({i, j, begin + (i % 4 == 1 ? hour : windows)[static_cast<std::size_t>(j)]});
        }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.after < b.after; });
    return out;
}

BounceRecord soft_verdict() {
    BounceRecord bounce;
    bounce.reason = Reason::mailbox_full;
    bounce.category = Category::quota_issues;
    bounce.type = BounceType::soft;
    bounce.status = "4.2.2";
    bounce.smtp_code = "452";
    bounce.diagnostic = "452 4.2.2 <{}> The recipient's mailbox is full and can't accept messages now";
    bounce.rule = "mailbox-full.wording";
    bounce.matched = "mailbox is full";
    return bounce;
}

BounceRecord hard_verdict() {
    BounceRecord bounce;
    bounce.reason = Reason::user_unknown;
    bounce.category = Category::bad_mailbox;
    bounce.type = BounceType::hard;
    bounce.status = "5.1.1";
    bounce.smtp_code = "550";
    bounce.diagnostic = "550 5.1.1 <{}>: Recipient address rejected: User unknown in virtual mailbox table";
    bounce.rule = "user-unknown.wording";
    bounce.matched = "User unknown in virtual mailbox table";
    return bounce;
}

BounceRecord blocked_verdict() {
    BounceRecord bounce;
    bounce.reason = Reason::spam_detected;
    bounce.category = Category::spam_related;
    bounce.type = BounceType::blocked;
    bounce.status = "5.7.1";
    bounce.smtp_code = "554";
    bounce.diagnostic = "554 5.7.1 Message rejected under suspicion of SPAM";
    bounce.rule = "spam-detected.wording";
    bounce.matched = "suspicion of SPAM";
    return bounce;
}

BounceRecord verdict_on(std::int64_t i) {
    auto bounce = i % 8 == 3 ? hard_verdict() : i % 8 == 7 ? blocked_verdict() : soft_verdict();
    bounce.action = "failed";
    bounce.remote_mta = "mx1.{}";
    return bounce;
}

void deliver_all(Store& store, Time now) {
    const std::vector<std::string> ways{"hook"};
    for (auto events = must(store.outbox(1000, now)); !events.empty(); events = must(store.outbox(1000, now)))
        for (const auto& event : events) must(store.address(event.id, ways, now));
    for (auto open = must(store.deliveries("hook", 1000, now)); !open.empty();
         open = must(store.deliveries("hook", 1000, now)))
        for (const auto& delivery : open) must(store.delivered(delivery.id, now));
}

void unhex(sqlite3_context* context, int, sqlite3_value** arguments) {
    const auto bytes = bytes_of(reinterpret_cast<const char*>(sqlite3_value_text(arguments[0])));
    sqlite3_result_blob(context, bytes.data(), static_cast<int>(bytes.size()), SQLITE_TRANSIENT);
}

void replace_all(std::string& text, const std::string& with) {
    for (auto at = text.find("{}"); at != std::string::npos; at = text.find("{}", at)) text.replace(at, 2, with);
}

} // namespace

void bench_failed(const std::string& what) {
    fmt::print(stderr, "{}\n", what);
    std::exit(1);
}

void must(const Result<void>& result) {
    if (!result) bench_failed(result.error().text());
}

RetryPolicy bench_policy() {
    RetryPolicy policy;
    policy.sender.hold = false;
    return policy;
}

std::string reader(std::int64_t slice, std::int64_t i) {
    const auto mark = mark_of(slice);
    if (i % 5 != 0) return fmt::format("{}.reader{}@provider{}.example", mark, i, i % providers);
    return fmt::format("{}.reader{}@{}-{}.example", mark, i, mark, i % own_domains);
}

MessageRecord report_about(std::int64_t slice, std::int64_t i, std::int64_t j, std::int64_t uid, Time arrived) {
    const auto mark = mark_of(slice), address = reader(slice, i), domain = address.substr(address.find('@') + 1);
    MessageRecord message;
    message.key = {bench_mailbox, bench_validity, std::to_string(uid)};
    message.sha256 = fmt::format("{}{:08x}{:050x}", mark, (i * 7919 + j * 104729) * 2654435761 % 4294967296, i * 8 + j);
    message.report_digest = message.sha256.substr(0, 24) + "00000000";
    message.size = 4000;
    message.arrived = arrived;
    message.kind = Kind::bounce;
    message.format = "postfix";
    message.reporting_mta = "mta.sender.example";
    message.original_message_id = fmt::format("{}.{}.{}@sender.example", mark, i, j);
    message.original_subject = "Edition: gardens in spring";
    message.campaign = fmt::format("edition-{}-{}", mark, j);
    auto bounce = verdict_on(i);
    message.folder = "Bounces/" + std::string(name(bounce.category));
    bounce.address = address;
    replace_all(bounce.diagnostic, address);
    replace_all(bounce.remote_mta, domain);
    message.bounces.push_back(bounce);
    return message;
}

void take_in(Store& store, const std::vector<MessageRecord>& messages, Time now) {
    std::vector<std::string> uids;
    std::map<std::string, NewPlaces> places;
    for (const auto& message : messages) {
        uids.push_back(message.key.uid);
        auto& there = places[message.folder];
        there.folder = message.folder;
        there.validity = bench_validity;
        there.uids[message.key.uid] = message.key.uid;
    }
    must(store.plan(bench_mailbox, bench_validity, uids));
    must(store.record(messages, bench_policy(), now));
    std::vector<NewPlaces> all;
    for (auto& [folder, there] : places) all.push_back(std::move(there));
    must(store.filed(bench_mailbox, bench_validity, uids, now, all));
}

void live_through(const std::string& path, std::int64_t slice, Duration apart) {
    auto store = must(Store::open(path, StoreAccess::write));
    constexpr std::size_t batch = 250;
    const Time begin = bench_now - weeks_of_slice - slice * apart;
    std::vector<MessageRecord> messages;
    std::int64_t uid = slice * slice_messages;
    for (const auto& [i, j, after] : incidents()) {
        messages.push_back(report_about(slice, i, j, ++uid, begin + after));
        if (messages.size() < batch) continue;
        must(store.advance(bench_policy(), begin + after));
        take_in(store, messages, begin + after);
        messages.clear();
    }
    for (Duration after = hours(24 * 22); after < weeks_of_slice; after += hours(24))
        must(store.advance(bench_policy(), begin + after));
    deliver_all(store, begin + weeks_of_slice);
}

Repeater::Repeater(const std::string& path, const std::string& slice, Duration apart)
    : db_(path, SQLite::OPEN_READWRITE), apart_(apart) {
    db_.exec(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA threads = 2; "
        "PRAGMA locking_mode = EXCLUSIVE; CREATE TEMP TABLE texts_there (id INTEGER PRIMARY KEY, value ANY) STRICT; "
        "ATTACH '" +
        slice + "' AS slice");
    db_.createFunction("unhex", 1, true, nullptr, unhex, nullptr, nullptr, nullptr);
    put_off_indices();
    const std::string add_counts =
        "DO UPDATE SET hard = hard + excluded.hard, soft = soft + excluded.soft, "
        "blocked = blocked + excluded.blocked";
    for (const char* table :
         {"campaigns", "recipients", "message_rows", "bounce_rows", "retries", "suppressions", "places"})
        prepare(table, forever, "");
    prepare("outbox", events_kept, "");
    prepare("outbox_deliveries", events_kept, "");
    prepare("tallies", counts_kept, "ON CONFLICT (scope, name, at) " + add_counts);
    prepare("domain_days", counts_kept, "ON CONFLICT (day, domain) " + add_counts);
    prepare("counters", forever, "ON CONFLICT DO UPDATE SET value = value + excluded.value");
}

Repeater::~Repeater() { db_.exec("PRAGMA journal_mode = WAL"); }

void Repeater::put_off_indices() {
    SQLite::Statement select(db_, "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL");
    std::vector<std::string> names;
    while (select.executeStep()) {
        names.push_back(select.getColumn(0).getString());
        indices_.push_back(select.getColumn(1).getString());
    }
    select.reset();
    for (const auto& name : names) db_.exec("DROP INDEX main." + name);
}

void Repeater::finish() {
    for (const auto& index : indices_) db_.exec(index);
}

void Repeater::prepare(const std::string& table, hours kept, const std::string& conflict) {
    SQLite::Statement info(db_, "SELECT name, type FROM pragma_table_info(?)");
    info.bind(1, table);
    std::string columns, values;
    while (info.executeStep()) {
        const auto column = info.getColumn(0).getString();
        columns += (columns.empty() ? "" : ", ") + column;
        values += (values.empty() ? "" : ", ") + changed(table, column, info.getColumn(1).getString());
    }
    copies_.push_back({kept, SQLite::Statement(db_, fmt::format("INSERT INTO main.{0} ({1}) SELECT {2} FROM slice.{0} "
                                                                "WHERE ?1 > 0 AND ?2 <> '' AND ?3 > 0 {3}",
                                                                table, columns, values, conflict))});
}

/// An expression for that column in another slice: ?1 is its number, ?2 its mark, ?3 how many seconds earlier it is.
std::string Repeater::changed(const std::string& table, const std::string& column, const std::string& type) {
    constexpr std::array times{"arrived", "recorded_at", "filed_at", "due_at",       "last_bounce",
                               "since",   "ready_at",    "at",       "delivered_at", "addressed_at"};
    if (column == "uid") return fmt::format("uid + ?1 * {}", slice_messages);
    if (column == "sha256" || column == "report_digest")
        return fmt::format("unhex(replace({}, '{}', ?2))", column, marker);
    if (const auto parent = column == "id" ? table : referred(table, column); !parent.empty()) {
        const auto rows = db_.execAndGet("SELECT coalesce(max(id), 0) FROM slice." + parent).getInt64();
        return fmt::format("iif({0} = 0, 0, {0} + ?1 * {1})", column, rows);
    }
    if (column == "at") return "(at - ?3) / 3600 * 3600";
    if (column == "day") return "(day - ?3) / 86400 * 86400";
    if (std::find(times.begin(), times.end(), column) != times.end())
        return fmt::format("iif({0} > 0, {0} - ?3, {0})", column);
    if (type == "ANY")
        return fmt::format(
            "iif(typeof({0}) = 'integer', coalesce((SELECT value FROM texts_there WHERE texts_there.id = {0}), {0}), "
            "replace({0}, '{1}', ?2))",
            column, marker);
    const bool differs =
        type == "TEXT" &&
        db_.execAndGet(fmt::format("SELECT coalesce(max(instr({}, '{}')), 0) FROM slice.{}", column, marker, table))
                .getInt() > 0;
    return differs ? fmt::format("replace({}, '{}', ?2)", column, marker) : column;
}

/// The table whose row that column names; empty for none, or for one that slices share.
std::string Repeater::referred(const std::string& table, const std::string& column) {
    if (column == "counted_campaign") return "campaigns";
    if (column == "recipient") return "recipients";
    if (column == "bounce" || column == "newest_soft_bounce") return "bounce_rows";
    SQLite::Statement keys(db_,
                           "SELECT \"table\" FROM pragma_foreign_key_list(?) WHERE \"from\" = ? AND \"table\" NOT IN "
                           "('folders', 'inboxes')");
    keys.bind(1, table);
    keys.bind(2, column);
    return keys.executeStep() ? keys.getColumn(0).getString() : "";
}

/// Texts that name something of the slice: in the dictionary while there is room, and else in their rows.
void Repeater::repeat_texts(std::int64_t slice) {
    const auto there = fmt::format("replace(old.text, '{}', '{}')", marker, mark_of(slice));
    const auto concerned = fmt::format("FROM slice.texts AS old WHERE instr(old.text, '{}') > 0", marker);
    db_.exec(
        fmt::format("INSERT OR IGNORE INTO main.texts (text) SELECT {} {} AND (SELECT max(id) FROM main.texts) < {}",
                    there, concerned, most_texts));
    db_.exec("DELETE FROM texts_there");
    db_.exec(fmt::format(
        "INSERT INTO texts_there SELECT old.id, coalesce((SELECT id FROM main.texts WHERE text = {0}), {0}) {1}", there,
        concerned));
}

void Repeater::repeat(std::int64_t slice) {
    db_.exec("BEGIN");
    repeat_texts(slice);
    for (auto& [kept, insert] : copies_) {
        const auto earlier = slice * apart_;
        if (earlier > kept) continue;
        insert.bind(1, slice);
        insert.bind(2, mark_of(slice));
        insert.bind(3, static_cast<std::int64_t>(std::chrono::seconds(earlier).count()));
        insert.exec();
        insert.reset();
    }
    db_.exec("COMMIT");
}

void check_repeater(const std::string& folder) {
    constexpr hours apart{24 * 3};
    const std::string lived = folder + "/lived.db", slice = folder + "/slice.db", repeated = folder + "/repeated.db";
    live_through(lived, 0, apart);
    for (const auto& copy : {slice, repeated}) std::filesystem::copy_file(lived, copy);
    live_through(lived, 1, apart);
    {
        Repeater repeater(repeated, slice, apart);
        repeater.repeat(1);
        repeater.finish();
    }
    SQLite::Database db(lived, SQLite::OPEN_READWRITE); // texts may hold times, in a fixed length
    db.exec("ATTACH '" + repeated + "' AS repeated");
    SQLite::Statement tables(db, R"sql(
        SELECT t.name, group_concat(iif(c.name IN ('strikes', 'key', 'body'), 'length(' || c.name || ')', c.name), ', ')
        FROM sqlite_schema AS t JOIN pragma_table_info(t.name) AS c
        WHERE t.type = 'table' AND t.name NOT IN ('texts', 'message_rows', 'bounce_rows', 'settings') OR t.name IN ('messages', 'bounces')
        GROUP BY t.name)sql");
    while (tables.executeStep()) {
        const auto table = tables.getColumn(0).getString(), columns = tables.getColumn(1).getString();
        for (const auto& [one, other] : {std::pair{"main", "repeated"}, std::pair{"repeated", "main"}}) {
            SQLite::Statement differing(
                db, fmt::format("SELECT {0} FROM {1}.{3} EXCEPT SELECT {0} FROM {2}.{3}", columns, one, other, table));
            if (!differing.executeStep()) continue;
            std::string row;
            for (int i = 0; i < differing.getColumnCount(); ++i) row += differing.getColumn(i).getString() + " | ";
            bench_failed(fmt::format("{}.{} has a row that the other has not:\n{}\n{}", one, table, columns, row));
        }
    }
    for (const auto& file : {lived, slice, repeated}) std::filesystem::remove(file);
}

} // namespace nixie

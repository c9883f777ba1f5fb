#include "store/status.hpp"

#include <algorithm>

#include "store/on_clock.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

constexpr std::array<std::string_view, 5> mailbox_state_names{"working", "idle", "backing-off", "refused", "resting"};

MailboxState mailbox_state_named(std::string_view text) {
    const auto* const found = std::find(mailbox_state_names.begin(), mailbox_state_names.end(), text);
    return found == mailbox_state_names.end() ? MailboxState::idle
                                              : static_cast<MailboxState>(found - mailbox_state_names.begin());
}

std::optional<Time> time_or_null(const SQLite::Column& column) {
    if (column.isNull()) return std::nullopt;
    return from_unix(column.getInt64());
}

constexpr const char* mailbox_columns =
    "name, state, since, last_success, last_error, failures, next_try, validity, waiting, waiting_since, day, "
    "bytes_today";

MailboxStatus mailbox_in(const SQLite::Statement& row) {
    MailboxStatus out;
    out.name = row.getColumn(0).getString();
    out.state = mailbox_state_named(row.getColumn(1).getString());
    out.since = from_unix(row.getColumn(2).getInt64());
    out.last_success = time_or_null(row.getColumn(3));
    out.last_error = row.getColumn(4).getString();
    out.failures = row.getColumn(5).getInt();
    out.next_try = time_or_null(row.getColumn(6));
    out.validity = row.getColumn(7).getString();
    out.waiting = row.getColumn(8).getInt64();
    out.waiting_since = time_or_null(row.getColumn(9));
    out.day = row.getColumn(10).getInt64();
    out.bytes_today = row.getColumn(11).getInt64();
    return out;
}

void bind_time(SQLite::Statement& statement, int index, const std::optional<Time>& time) {
    if (time)
        statement.bind(index, to_unix(*time));
    else
        statement.bind(index);
}

MailboxHealth health_in(SQLite::Database& db, MailboxStatus status) {
    MailboxHealth out;
    SQLite::Statement unfiled(db, R"sql(
        SELECT count(*), min(arrived) FROM message_rows
        WHERE inbox = (SELECT id FROM inboxes WHERE mailbox = ? AND validity = ?) AND stage = 1)sql");
    if (find_row(unfiled, status.name, status.validity)) {
        out.unfiled = unfiled.getColumn(0).getInt64();
        out.oldest_unfiled = time_or_null(unfiled.getColumn(1));
    }
    SQLite::Statement quarantined(db, R"sql(
        SELECT count(*) FROM message_rows
        WHERE inbox IN (SELECT id FROM inboxes WHERE mailbox = ?) AND quarantined_at IS NOT NULL)sql");
    if (find_row(quarantined, status.name)) out.quarantined = quarantined.getColumn(0).getInt64();
    out.status = std::move(status);
    return out;
}

void read_quarantine(SQLite::Database& db, std::size_t at_most, JournalStatus& out) {
    SQLite::Statement select(db, R"sql(
        SELECT mailbox, uid, folder, CASE WHEN failure <> '' THEN failure ELSE filing_failure END, quarantined_at
        FROM messages WHERE quarantined_at IS NOT NULL ORDER BY quarantined_at DESC, id DESC LIMIT ?)sql");
    bind_all(select, static_cast<std::int64_t>(at_most));
    while (select.executeStep())
        out.quarantine.push_back({select.getColumn(0).getString(), select.getColumn(1).getString(),
                                  select.getColumn(2).getString(), select.getColumn(3).getString(),
                                  from_unix(select.getColumn(4).getInt64())});
}

OutboxStatus read_outbox(SQLite::Database& db) {
    SQLite::Statement select(db, R"sql(
        SELECT count(*), coalesce(sum(attempts > 0), 0), min(ready_at) FROM (
            SELECT attempts, ready_at FROM outbox_deliveries WHERE delivered_at IS NULL AND dead_at IS NULL
            UNION ALL
            SELECT 0, ready_at FROM outbox WHERE addressed_at IS NULL AND delivered_at IS NULL))sql");
    select.executeStep();
    OutboxStatus out{
        select.getColumn(0).getInt64(), select.getColumn(1).getInt64(), time_or_null(select.getColumn(2)), {}};
    SQLite::Statement failure(db, R"sql(
        SELECT last_error FROM outbox_deliveries WHERE delivered_at IS NULL AND dead_at IS NULL AND last_error <> ''
        ORDER BY +id LIMIT 1)sql");
    if (failure.executeStep()) out.last_error = failure.getColumn(0).getString();
    out.dead = db.execAndGet("SELECT count(*) FROM outbox_deliveries WHERE dead_at IS NOT NULL").getInt64();
    return out;
}

void read_due(SQLite::Database& db, const RetryPolicies& policies, Time now, JournalStatus& out) {
    SQLite::Statement due(db,
                          "SELECT count(*) FROM recipients WHERE state IN ('waiting', 'retried') AND "
                          "due_told IN (0, 1) AND state = 'waiting' AND due_at BETWEEN ? AND ?");
    if (!policies.settle_alike())
        out.recipients_due = static_cast<std::int64_t>(select_due(db, policies, now, now).size());
    else if (find_row(due, to_unix(now - policies.common().settle), to_unix(now)))
        out.recipients_due = due.getColumn(0).getInt64();
    SQLite::Statement next(db,
                           "SELECT min(due_at) FROM recipients WHERE state IN ('waiting', 'retried') AND "
                           "due_told IN (0, 1) AND state = 'waiting' AND due_at > ?");
    if (find_row(next, to_unix(now))) out.next_due = time_or_null(next.getColumn(0));
}

} // namespace

std::string_view name(MailboxState state) { return mailbox_state_names[static_cast<std::size_t>(state)]; }

std::optional<Time> MailboxHealth::lag_since() const {
    if (!oldest_unfiled || !status.waiting_since) return oldest_unfiled ? oldest_unfiled : status.waiting_since;
    return std::min(*oldest_unfiled, *status.waiting_since);
}

Result<void> Store::note(const MailboxStatus& status) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement upsert(db, std::string("INSERT OR REPLACE INTO mailboxes (") + mailbox_columns +
                                         ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        upsert.bind(1, status.name);
        upsert.bind(2, std::string(name(status.state)));
        upsert.bind(3, to_unix(status.since));
        bind_time(upsert, 4, status.last_success);
        upsert.bind(5, status.last_error);
        upsert.bind(6, status.failures);
        bind_time(upsert, 7, status.next_try);
        upsert.bind(8, status.validity);
        upsert.bind(9, status.waiting);
        bind_time(upsert, 10, status.waiting_since);
        upsert.bind(11, status.day);
        upsert.bind(12, status.bytes_today);
        upsert.exec();
    });
}

Result<std::optional<MailboxStatus>> Store::mailbox(std::string_view name) {
    return impl_->read([&](SQLite::Database& db) -> std::optional<MailboxStatus> {
        SQLite::Statement select(db, std::string("SELECT ") + mailbox_columns + " FROM mailboxes WHERE name = ?");
        if (!find_row(select, std::string(name))) return std::nullopt;
        return mailbox_in(select);
    });
}

JournalStatus read_status(SQLite::Database& db, const RetryPolicies& policies, Time now, std::size_t most_quarantined) {
    JournalStatus out;
    SQLite::Statement select(db, std::string("SELECT ") + mailbox_columns + " FROM mailboxes ORDER BY name");
    while (select.executeStep()) out.mailboxes.push_back(health_in(db, mailbox_in(select)));
    SQLite::Statement quarantined(db, "SELECT count(*) FROM message_rows WHERE quarantined_at IS NOT NULL");
    if (quarantined.executeStep()) out.quarantined = quarantined.getColumn(0).getInt64();
    read_quarantine(db, most_quarantined, out);
    out.outbox = read_outbox(db);
    read_due(db, policies, now, out);
    out.held = db.execAndGet("SELECT count(*) FROM bounce_rows WHERE held = 1").getInt64();
    out.digests = read_digests(db);
    out.troubles = read_troubles(db);
    return out;
}

Result<JournalStatus> Store::status(const RetryPolicies& policies, Time now, std::size_t most_quarantined) {
    return impl_->read([&](SQLite::Database& db) { return read_status(db, policies, now, most_quarantined); });
}

} // namespace nixie

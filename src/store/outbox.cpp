// Events on their way to the outside, each way for itself.
#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// An event is done with when each way is; a dead letter keeps it. The key is all that is needed then, and the body all that is large.
void close_event_of(SQLite::Database& db, std::int64_t delivery, Time now) {
    SQLite::Statement close(db, R"sql(
        UPDATE outbox SET delivered_at = ?2, body = ''
        WHERE id = (SELECT event FROM outbox_deliveries WHERE id = ?1) AND delivered_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM outbox_deliveries WHERE event = outbox.id AND delivered_at IS NULL))sql");
    run(close, delivery, to_unix(now));
}

OutboxEvent event_in(const SQLite::Statement& row, int first) {
    return {row.getColumn(first).getInt64(), row.getColumn(first + 1).getString(), row.getColumn(first + 2).getString(),
            row.getColumn(first + 3).getString(), row.getColumn(first + 4).getString()};
}

/// Of outbox AS e.
constexpr const char* event_columns = "e.id, e.key, e.type, e.body, coalesce(json_extract(e.body, '$.mailbox'), '')";

} // namespace

Result<std::vector<OutboxEvent>> Store::outbox(std::size_t limit, Time now) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, std::string("SELECT ") + event_columns + R"sql(
            FROM outbox AS e WHERE e.addressed_at IS NULL AND e.delivered_at IS NULL AND e.ready_at <= ?1
            ORDER BY e.id LIMIT ?2)sql");
        bind_all(select, to_unix(now), static_cast<std::int64_t>(limit));
        std::vector<OutboxEvent> out;
        while (select.executeStep()) out.push_back(event_in(select, 0));
        return out;
    });
}

Result<void> Store::address(std::int64_t event, std::span<const std::string> ways, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement insert(db, R"sql(
            INSERT INTO outbox_deliveries (event, way, recipient, since, ready_at)
            SELECT id, ?2, recipient, ?3, ready_at FROM outbox WHERE id = ?1
            ON CONFLICT (event, way) DO NOTHING)sql");
        for (const auto& way : ways) run(insert, event, way, to_unix(now));
        SQLite::Statement update(db, R"sql(
            UPDATE outbox SET addressed_at = ?2, delivered_at = iif(?3, ?2, NULL), body = iif(?3, '', body) WHERE id = ?1)sql");
        run(update, event, to_unix(now), ways.empty() ? 1 : 0);
    });
}

Result<std::int64_t> Store::only_ways(std::span<const std::string> ways, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        std::string list;
        for (std::size_t i = 0; i < ways.size(); ++i) list += i == 0 ? "?" : ", ?";
        SQLite::Statement update(db, R"sql(
            UPDATE outbox_deliveries SET dead_at = ?, last_error = 'no such way is configured any more'
            WHERE delivered_at IS NULL AND dead_at IS NULL AND way NOT IN ()sql" +
                                         list + ")");
        update.bind(1, to_unix(now));
        for (std::size_t i = 0; i < ways.size(); ++i) update.bind(static_cast<int>(i) + 2, ways[i]);
        return static_cast<std::int64_t>(update.exec());
    });
}

Result<std::vector<Delivery>> Store::deliveries(std::string_view way, std::size_t limit, Time now) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, std::string("SELECT d.id, d.attempts, d.since, ") + event_columns + R"sql(
            FROM outbox_deliveries AS d JOIN outbox AS e ON e.id = d.event
            WHERE d.way = ?1 AND d.delivered_at IS NULL AND d.dead_at IS NULL AND d.ready_at <= ?2
              AND NOT EXISTS (SELECT 1 FROM outbox_deliveries AS earlier
                              WHERE earlier.recipient = d.recipient AND earlier.way = d.way AND earlier.event < d.event
                                AND earlier.delivered_at IS NULL AND earlier.dead_at IS NULL AND earlier.ready_at > ?2)
            ORDER BY d.event LIMIT ?3)sql");
        bind_all(select, std::string(way), to_unix(now), static_cast<std::int64_t>(limit));
        std::vector<Delivery> out;
        while (select.executeStep())
            out.push_back({select.getColumn(0).getInt64(), event_in(select, 3), select.getColumn(1).getInt(),
                           from_unix(select.getColumn(2).getInt64())});
        return out;
    });
}

Result<std::optional<Time>> Store::next_delivery(std::string_view way, Time now) {
    return impl_->read([&](SQLite::Database& db) -> std::optional<Time> {
        SQLite::Statement select(db, R"sql(
            SELECT min(ready_at) FROM outbox_deliveries
            WHERE way = ? AND delivered_at IS NULL AND dead_at IS NULL AND ready_at > ?)sql");
        if (!find_row(select, std::string(way), to_unix(now)) || select.getColumn(0).isNull()) return std::nullopt;
        return from_unix(select.getColumn(0).getInt64());
    });
}

Result<void> Store::delivered(std::int64_t delivery, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(
            db, "UPDATE outbox_deliveries SET delivered_at = ?, dead_at = NULL, last_error = '' WHERE id = ?");
        run(update, to_unix(now), delivery);
        close_event_of(db, delivery, now);
    });
}

Result<void> Store::postponed(std::int64_t delivery, Time again) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, "UPDATE outbox_deliveries SET ready_at = ? WHERE id = ?");
        run(update, to_unix(again), delivery);
    });
}

Result<void> Store::failed(std::int64_t delivery, std::string_view cause, Time now, std::optional<Time> retry_at) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(db, R"sql(
            UPDATE outbox_deliveries
            SET attempts = attempts + 1, last_error = ?1, ready_at = ?2, dead_at = CASE WHEN ?3 THEN NULL ELSE ?2 END
            WHERE id = ?4)sql");
        run(update, std::string(cause), to_unix(retry_at.value_or(now)), retry_at ? 1 : 0, delivery);
    });
}

Result<std::vector<OutboxRow>> Store::undelivered(Which which, std::size_t limit) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, std::string("SELECT d.id, d.attempts, d.since, ") + event_columns + R"sql(,
                   d.way, coalesce(json_extract(e.body, '$.address'), ''), d.dead_at, d.ready_at, d.last_error
            FROM outbox_deliveries AS d JOIN outbox AS e ON e.id = d.event
            WHERE d.delivered_at IS NULL AND (?1 = 0 OR d.dead_at IS NOT NULL) ORDER BY d.id LIMIT ?2)sql");
        bind_all(select, which == Which::dead ? 1 : 0, static_cast<std::int64_t>(limit));
        std::vector<OutboxRow> out;
        while (select.executeStep()) {
            OutboxRow row;
            row.delivery = {select.getColumn(0).getInt64(), event_in(select, 3), select.getColumn(1).getInt(),
                            from_unix(select.getColumn(2).getInt64())};
            row.way = select.getColumn(8).getString();
            row.address = select.getColumn(9).getString();
            if (!select.getColumn(10).isNull()) row.dead_at = from_unix(select.getColumn(10).getInt64());
            row.ready_at = from_unix(select.getColumn(11).getInt64());
            row.last_error = select.getColumn(12).getString();
            out.push_back(std::move(row));
        }
        return out;
    });
}

Result<std::int64_t> Store::replay(std::span<const std::int64_t> deliveries, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        const std::string anew =
            "UPDATE outbox_deliveries SET dead_at = NULL, attempts = 0, since = ?1, ready_at = ?1 ";
        std::int64_t done = 0;
        if (deliveries.empty()) {
            SQLite::Statement update(db, anew + "WHERE dead_at IS NOT NULL");
            update.bind(1, to_unix(now));
            done = update.exec();
        }
        for (const std::int64_t id : deliveries) {
            SQLite::Statement update(db, anew + "WHERE id = ?2 AND delivered_at IS NULL");
            bind_all(update, to_unix(now), id);
            done += update.exec();
        }
        return done;
    });
}

Result<std::int64_t> Store::drop(std::span<const std::int64_t> deliveries, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        std::int64_t done = 0;
        for (const std::int64_t id : deliveries) {
            SQLite::Statement update(db, R"sql(
                UPDATE outbox_deliveries SET delivered_at = ?1, dead_at = NULL WHERE id = ?2 AND delivered_at IS NULL)sql");
            bind_all(update, to_unix(now), id);
            done += update.exec();
            close_event_of(db, id, now);
        }
        return done;
    });
}

} // namespace nixie

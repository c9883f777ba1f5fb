// Events on their way to the outside.
#include "store/store_impl.hpp"

namespace nixie {

Result<std::vector<OutboxEvent>> Store::outbox(std::size_t limit, Time now) {
    return impl_->read([&](SQLite::Database& db) {
        // What waits after a failure holds back the later events of its recipient: they leave in order.
        SQLite::Statement select(db, R"sql(
            SELECT id, key, type, body, attempts FROM outbox AS event
            WHERE delivered_at IS NULL AND ready_at <= ?1
              AND NOT EXISTS (SELECT 1 FROM outbox AS earlier
                              WHERE earlier.recipient = event.recipient AND earlier.id < event.id
                                AND earlier.delivered_at IS NULL AND earlier.ready_at > ?1)
            ORDER BY id LIMIT ?2)sql");
        SQLite::bind(select, to_unix(now), static_cast<std::int64_t>(limit));
        std::vector<OutboxEvent> out;
        while (select.executeStep())
            out.push_back({select.getColumn(0).getInt64(), select.getColumn(1).getString(),
                           select.getColumn(2).getString(), select.getColumn(3).getString(),
                           select.getColumn(4).getInt()});
        return out;
    });
}

Result<void> Store::delivered(std::int64_t event, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        // The body names the address: where those are not to be kept, it is not kept longer than needed.
        SQLite::Statement update(db, R"sql(
            UPDATE outbox SET delivered_at = ?, last_error = '', body = iif(?, '', body) WHERE id = ?)sql");
        run(update, to_unix(now), impl_->keeper.hashed() ? 1 : 0, event);
    });
}

Result<void> Store::failed(std::int64_t event, std::string_view cause, Time retry_at) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement update(
            db, "UPDATE outbox SET attempts = attempts + 1, last_error = ?, ready_at = ? WHERE id = ?");
        run(update, std::string(cause), to_unix(retry_at), event);
    });
}

} // namespace nixie

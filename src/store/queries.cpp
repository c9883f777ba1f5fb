// What the journal answers: one recipient's history, who is due, what lies where.
#include "base/text.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

Action action_named(std::string_view text) {
    for (const Action action : {Action::retry, Action::exhaust, Action::suppress, Action::clear})
        if (text == name(action)) return action;
    return Action::none;
}

/// Of the columns of `select_events`.
BounceEvent event_in(const SQLite::Statement& row) {
    int column = 0;
    const auto next = [&] { return row.getColumn(column++).getString(); };
    BounceEvent event;
    event.kind = find_kind(next()).value_or(Kind::other);
    event.bounce.address = next();
    event.bounce.reason = find_reason(next()).value_or(Reason::undefined);
    event.bounce.category = find_category(next()).value_or(Category::other);
    event.bounce.type = find_bounce_type(next()).value_or(BounceType::soft);
    event.bounce.status = next();
    event.bounce.smtp_code = next();
    event.bounce.action = next();
    event.bounce.diagnostic = next();
    event.bounce.remote_mta = next();
    event.bounce.rule = next();
    event.bounce.matched = next();
    event.mailbox = next();
    event.folder = next();
    event.original_message_id = next();
    event.campaign = next();
    event.decision = action_named(next());
    event.cause = next();
    event.arrived = from_unix(row.getColumn(column++).getInt64());
    event.moved_from = next();
    event.set_aside = row.getColumn(column).getInt() != 0;
    return event;
}

constexpr const char* select_events = R"sql(
    SELECT b.kind, b.address, b.reason, b.category, b.type, b.status, b.smtp_code, b.action, b.diagnostic, b.remote_mta,
           b.rule, b.matched, m.mailbox, m.folder, m.original_message_id, m.campaign, b.decision, b.cause, b.arrived,
           coalesce(c.from_folder, ''), b.set_aside
    FROM bounces AS b JOIN messages AS m ON m.id = b.message
    LEFT JOIN corrections AS c ON c.message = b.message AND c.withdrawn_at IS NULL
    WHERE b.recipient = ? ORDER BY b.arrived DESC, b.id DESC)sql";

} // namespace

Result<std::optional<RecipientDetail>> Store::recipient(std::string_view address) {
    return impl_->read([&](SQLite::Database& db) -> std::optional<RecipientDetail> {
        SQLite::Statement select(db, R"sql(
            SELECT id, address, state, window, due_at, last_bounce, soft_bounces, hard_bounces, blocked_bounces
            FROM recipients WHERE address_key = ?)sql");
        if (!find_row(select, to_lower(address))) return std::nullopt;
        RecipientDetail detail{select.getColumn(1).getString(), history_in(select, 2), {}};
        SQLite::Statement events(db, select_events);
        SQLite::bind(events, select.getColumn(0).getInt64());
        while (events.executeStep()) detail.events.push_back(event_in(events));
        return detail;
    });
}

Result<std::vector<DueRecipient>> Store::due(Include include, const RetryPolicy& policy, Time now) {
    return impl_->read([&](SQLite::Database& db) {
        // The range of the index leaves out what has settled, which only grows; state_at() has the last word.
        SQLite::Statement select(db, R"sql(
            SELECT r.address, r.state, r.window, r.due_at, r.last_bounce, r.soft_bounces, r.hard_bounces,
                   r.blocked_bounces, b.reason, b.diagnostic, m.original_message_id
            FROM recipients AS r LEFT JOIN bounces AS b ON b.id = r.newest_soft_bounce LEFT JOIN messages AS m ON m.id = b.message
            WHERE r.state = 'waiting' AND r.due_at BETWEEN ? AND ?
            ORDER BY r.due_at, r.id)sql");
        const std::int64_t last = include == Include::due ? to_unix(now) : to_unix(Time::max());
        SQLite::bind(select, to_unix(now - policy.settle), last);
        std::vector<DueRecipient> out;
        while (select.executeStep()) {
            const History history = history_in(select, 1);
            const State state = state_at(history, policy, now);
            if (state != State::due && state != State::waiting) continue;
            out.push_back({select.getColumn(0).getString(), state, history.due_at, history.window, history.soft_bounces,
                           find_reason(select.getColumn(8).getString()).value_or(Reason::undefined),
                           select.getColumn(9).getString(), select.getColumn(10).getString()});
        }
        return out;
    });
}

Result<std::vector<FolderCount>> Store::folder_counts(Time since) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT folder, kind, count(*) FROM messages
            WHERE recorded_at >= ? AND duplicate_of IS NULL
            GROUP BY folder, kind ORDER BY folder, kind)sql");
        SQLite::bind(select, to_unix(since));
        std::vector<FolderCount> out;
        while (select.executeStep())
            out.push_back({select.getColumn(0).getString(),
                           find_kind(select.getColumn(1).getString()).value_or(Kind::other),
                           select.getColumn(2).getInt64()});
        return out;
    });
}

} // namespace nixie

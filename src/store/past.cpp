#include "store/past.hpp"

#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {

std::vector<PastStep> past_of(SQLite::Database& db, std::int64_t recipient) {
    SQLite::Statement select(db, R"sql(
        SELECT b.arrived, 0, b.id, 0, b.kind, b.type, b.arrived, b.reason, b.category, '', coalesce(m.recorded_at, b.arrived),
               (SELECT mailbox FROM inboxes WHERE id = m.inbox)
        FROM bounces AS b JOIN message_rows AS m ON m.id = b.message
        WHERE b.recipient = ?1 AND b.held = 0 AND NOT b.set_aside
        UNION ALL
        SELECT at, 1, 0, id, 'delivered', '', at, '', '', command, at, '' FROM interventions
        WHERE recipient = ?1 AND NOT folded
        ORDER BY 1, 2, 3, 4)sql");
    bind_all(select, recipient);
    std::vector<PastStep> out;
    std::string clock; // mailbox of the newest soft bounce
    while (select.executeStep()) {
        PastStep step;
        step.bounce = select.getColumn(2).getInt64();
        step.intervention = select.getColumn(3).getInt64();
        step.incident.kind = find_kind(select.getColumn(4).getString()).value_or(Kind::other);
        step.incident.type = find_bounce_type(select.getColumn(5).getString()).value_or(BounceType::soft);
        step.incident.arrived = from_unix(select.getColumn(6).getInt64());
        step.incident.reason = find_reason(select.getColumn(7).getString()).value_or(Reason::undefined);
        step.incident.category = find_category(select.getColumn(8).getString()).value_or(Category::other);
        step.command = select.getColumn(9).getString();
        step.at = from_unix(select.getColumn(10).getInt64());
        if (step.bounce != 0) {
            step.mailbox = select.getColumn(11).getString();
            if (step.incident.kind == Kind::bounce && step.incident.type == BounceType::soft) clock = step.mailbox;
        } else {
            step.mailbox = clock;
        }
        out.push_back(std::move(step));
    }
    return out;
}

History base_of(SQLite::Database& db, std::int64_t recipient) {
    SQLite::Statement select(db, "SELECT " + history_columns + " FROM bases AS r WHERE recipient = ?");
    return find_row(select, recipient) ? history_in(select, 0) : History{};
}

void set_base(SQLite::Database& db, std::int64_t recipient, const History& base) {
    SQLite::Statement upsert(db, R"sql(
        INSERT INTO bases (recipient, state, window, due_at, last_bounce, soft_bounces, hard_bounces, blocked_bounces,
                           last_success, complaints, ground, strikes)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (recipient) DO UPDATE SET
            state = excluded.state, window = excluded.window, due_at = excluded.due_at,
            last_bounce = excluded.last_bounce, soft_bounces = excluded.soft_bounces,
            hard_bounces = excluded.hard_bounces, blocked_bounces = excluded.blocked_bounces,
            last_success = excluded.last_success, complaints = excluded.complaints, ground = excluded.ground,
            strikes = excluded.strikes)sql");
    bind_all(upsert, recipient, std::string(name(base.state)), base.window, to_unix(base.due_at),
             to_unix(base.last_bounce), base.soft_bounces, base.hard_bounces, base.blocked_bounces,
             to_unix(base.last_success), base.complaints, std::string(name(base.ground)), strikes_text(base.strikes));
    upsert.exec();
}

Decision replay(const PastStep& step, const History& history, const RetryPolicies& policies) {
    const RetryPolicy& policy = policies.of(step.mailbox);
    if (const auto order = find_order(step.command)) return carry_out(*order, history, policy, step.at);
    return decide(step.incident, history, policy, step.at);
}

} // namespace nixie

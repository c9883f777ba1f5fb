// What the journal answers: one recipient's history, what lies where.
#include "base/text.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

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
    event.original_envelope_id = next();
    event.campaign = next();
    event.decision = find_action(next());
    event.cause = next();
    event.arrived = from_unix(row.getColumn(column++).getInt64());
    event.moved_from = next();
    event.set_aside = row.getColumn(column).getInt() != 0;
    return event;
}

constexpr const char* select_events = R"sql(
    SELECT b.kind, b.address, b.reason, b.category, b.type, b.status, b.smtp_code, b.action, b.diagnostic, b.remote_mta,
           b.rule, b.matched, m.mailbox, m.folder, m.original_message_id, m.original_envelope_id, m.campaign, b.decision, b.cause, b.arrived,
           coalesce(c.from_folder, ''), b.set_aside
    FROM bounces AS b JOIN messages AS m ON m.id = b.message
    LEFT JOIN corrections AS c ON c.message = b.message AND c.withdrawn_at IS NULL
    WHERE b.recipient = ? ORDER BY b.arrived DESC, b.id DESC)sql";

} // namespace

Result<std::optional<RecipientDetail>> Store::recipient(std::string_view address) {
    return impl_->read([&](SQLite::Database& db) -> std::optional<RecipientDetail> {
        SQLite::Statement select(
            db, "SELECT r.id, r.address, " + history_columns + " FROM recipients AS r WHERE lower(r.address) = ?");
        if (!find_row(select, recipient_key(impl_->keeper.kept(address)))) return std::nullopt;
        RecipientDetail detail{select.getColumn(1).getString(), history_in(select, 2), {}, {}};
        SQLite::Statement events(db, select_events);
        bind_all(events, select.getColumn(0).getInt64());
        while (events.executeStep()) detail.events.push_back(event_in(events));
        SQLite::Statement interventions(db, R"sql(
                SELECT at, command, cause FROM (
                    SELECT at, command, cause, id FROM interventions WHERE recipient = ?1
                    UNION ALL SELECT begun_at, 'resend', outcome || ': ' || detail, 0 FROM resends WHERE recipient = ?1)
                ORDER BY at DESC, id DESC)sql");
        bind_all(interventions, select.getColumn(0).getInt64());
        while (interventions.executeStep())
            detail.interventions.push_back({from_unix(interventions.getColumn(0).getInt64()),
                                            interventions.getColumn(1).getString(),
                                            interventions.getColumn(2).getString()});
        return detail;
    });
}

Result<void> Store::labels(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                           const RetryPolicy& policy, const std::function<void(const Label&)>& each) {
    return impl_->read([&](SQLite::Database& db) {
        SQLite::Statement select(db, R"sql(
            SELECT b.reason, b.category, iif(r.state = 'waiting' AND r.newest_soft_bounce = b.id, r.window, -1)
            FROM message_rows AS m JOIN bounces AS b ON b.message = coalesce(m.duplicate_of, m.id)
            LEFT JOIN recipients AS r ON r.id = b.recipient
            WHERE m.inbox = (SELECT id FROM inboxes WHERE mailbox = ? AND validity = ?) AND m.uid = ? AND b.kind = 'bounce' AND b.set_aside = 0)sql");
        const std::string mailbox_text(mailbox), validity_text(validity);
        for (const auto& uid : uids) {
            if (!find_row(select, mailbox_text, validity_text, Uid{uid})) continue;
            do {
                Label label{uid, find_reason(select.getColumn(0).getString()).value_or(Reason::undefined), {}};
                const auto category = find_category(select.getColumn(1).getString()).value_or(Category::other);
                const auto& windows = policy.windows_for(label.reason, category);
                const auto window = static_cast<std::size_t>(select.getColumn(2).getInt64());
                if (window < windows.size()) label.window = windows[window];
                each(label);
            } while (select.executeStep());
        }
    });
}

} // namespace nixie

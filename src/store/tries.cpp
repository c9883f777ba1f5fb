// Tries that are made by a command or by sending again, each once.
#include "store/events.hpp"
#include "store/on_clock.hpp"
#include "store/provider.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

constexpr Duration limit_span = std::chrono::hours(1);

/// Why the worker may not send to that recipient of its own accord; empty: it may.
std::string obstacle_of(SQLite::Database& db, std::int64_t recipient) {
    SQLite::Statement select(db, R"sql(
        SELECT EXISTS (SELECT 1 FROM bounce_rows WHERE recipient = ?1 AND held = 1),
               coalesce((SELECT type FROM bounces WHERE recipient = ?1 AND kind = 'bounce' AND NOT set_aside AND held = 0
                         ORDER BY arrived DESC, id DESC LIMIT 1), ''))sql");
    find_row(select, recipient);
    if (select.getColumn(0).getInt() != 0) return "a verdict on the address is held";
    const bool soft = select.getColumn(1).getString() == name(BounceType::soft);
    return soft ? "" : "the newest report about the address is no soft bounce";
}

void read_original(SQLite::Database& db, PendingTry& pending) {
    SQLite::Statement select(db, R"sql(
        SELECT o.message, o.mailing FROM recipients AS r JOIN originals AS o ON o.bounce = r.newest_soft_bounce
        WHERE r.id = ?)sql");
    if (find_row(select, pending.recipient)) {
        const auto column = select.getColumn(0);
        pending.original.assign(static_cast<const char*>(column.getBlob()),
                                static_cast<std::size_t>(column.getBytes()));
        pending.mailing = select.getColumn(1).getString();
    } else if (pending.obstacle.empty()) {
        pending.obstacle = "the report did not return the original whole, with a valid token in its return path";
    }
}

void note_tried(SQLite::Database& db, const PendingTry& pending, const std::string& how, const RetryPolicy& policy,
                Time now) {
    Recipients recipients(db);
    const RecipientRow row = recipients.row(pending.recipient);
    // A report may have moved it meanwhile: then this try is part of the past.
    if (state_at(row.history, policy, now) != State::due) return;
    auto decision = carry_out(Order::tried, row.history, policy, now);
    decision.cause.append(": ").append(how);
    recipients.apply(row, decision, 0, now);
    recipients.note(row, now, name(Order::tried), decision.cause);
}

std::string outcome_text(ResendOutcome outcome) {
    switch (outcome) {
        case ResendOutcome::sent:
            return "sent";
        case ResendOutcome::unknown:
            return "unknown";
        case ResendOutcome::not_taken:
            break;
    }
    return "not-taken";
}

/// When fewer than `most` will have gone to that domain within the span; nothing: now.
std::optional<Time> room_at(SQLite::Database& db, const std::string& domain, int most, Time now) {
    SQLite::Statement select(db, R"sql(
        SELECT begun_at FROM resends
        WHERE domain = ?1 AND begun_at > ?2 AND outcome IN ('begun', 'sent', 'unknown')
        ORDER BY begun_at DESC LIMIT 1 OFFSET ?3)sql");
    if (!find_row(select, domain, to_unix(now - limit_span), most - 1)) return std::nullopt;
    return from_unix(select.getColumn(0).getInt64()) + limit_span;
}

} // namespace

Result<std::optional<PendingTry>> Store::pending_try(std::string_view key, const RetryPolicies& policies, Time now) {
    return impl_->read([&](SQLite::Database& db) -> std::optional<PendingTry> {
        SQLite::Statement select(
            db, select_on_clock("r.due_told = 1 AND r.id = (SELECT recipient FROM outbox WHERE key = ?)"));
        if (!find_row(select, std::string(key))) return std::nullopt;
        const auto found = on_clock_in(select, policies, now);
        if (found.due.state != State::due) return std::nullopt;
        PendingTry out{found.row.id, found.due, {}, {}, obstacle_of(db, found.row.id)};
        read_original(db, out);
        return out;
    });
}

Result<ResendPermit> Store::begin_resend(const PendingTry& pending, int most, Time now) {
    using Permitted = ResendPermit::Answer;
    return impl_->write([&](SQLite::Database& db) -> ResendPermit {
        SQLite::Statement known(db, "SELECT outcome FROM resends WHERE recipient = ? AND due_at = ?");
        if (find_row(known, pending.recipient, to_unix(pending.due.due_at))) {
            const std::string outcome = known.getColumn(0).getString();
            if (outcome == "handed-over") return {Permitted::handed_over, {}};
            if (outcome != outcome_text(ResendOutcome::not_taken)) return {Permitted::sent_before, {}};
        }
        const std::string domain = domain_of(pending.due.address);
        if (const auto again = room_at(db, domain, most, now)) return {Permitted::too_many, *again};
        SQLite::Statement begin(db, R"sql(
            INSERT INTO resends (recipient, due_at, domain, begun_at, outcome) VALUES (?1, ?2, ?3, ?4, 'begun')
            ON CONFLICT (recipient, due_at) DO UPDATE SET begun_at = ?4, outcome = 'begun', detail = '')sql");
        run(begin, pending.recipient, to_unix(pending.due.due_at), domain, to_unix(now));
        return {};
    });
}

Result<void> Store::end_resend(const PendingTry& pending, ResendOutcome outcome, const std::string& detail,
                               const RetryPolicies& policies, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement end(
            db, "UPDATE resends SET outcome = ?, detail = ? WHERE recipient = ? AND due_at = ? AND outcome = 'begun'");
        run(end, outcome_text(outcome), detail, pending.recipient, to_unix(pending.due.due_at));
        if (outcome != ResendOutcome::not_taken) note_tried(db, pending, detail, policies.of(pending.due.mailbox), now);
    });
}

Result<void> Store::tried(const PendingTry& pending, const std::string& how, const RetryPolicies& policies, Time now) {
    return impl_->write(
        [&](SQLite::Database& db) { note_tried(db, pending, how, policies.of(pending.due.mailbox), now); });
}

Result<void> Store::hand_over(const PendingTry& pending, const std::string& cause, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        SQLite::Statement note(db, R"sql(
            INSERT INTO resends (recipient, due_at, domain, begun_at, outcome, detail) VALUES (?1, ?2, ?3, ?4, 'handed-over', ?5)
            ON CONFLICT (recipient, due_at) DO UPDATE SET outcome = 'handed-over', detail = ?5)sql");
        run(note, pending.recipient, to_unix(pending.due.due_at), domain_of(pending.due.address), to_unix(now), cause);
        EventQueue(db, Events::queue, now).add(due_event(pending.due, Tries::announced, cause), pending.recipient);
    });
}

} // namespace nixie

#include "store/recipients.hpp"

#include "base/text.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// What became of the open window when the state changed from `before` to another.
const char* outcome_of(State after) {
    switch (after) {
        case State::exhausted:
            return "exhausted";
        case State::suppressed:
            return "suppressed";
        default:
            return "cleared";
    }
}

bool enters_window(const History& before, const History& after) {
    return after.state == State::waiting &&
           (before.state != State::waiting || before.window != after.window || before.due_at != after.due_at);
}

} // namespace

History history_in(const SQLite::Statement& row, int first) {
    History history;
    history.state = find_state(row.getColumn(first).getString()).value_or(State::clear);
    history.window = row.getColumn(first + 1).getInt();
    history.due_at = from_unix(row.getColumn(first + 2).getInt64());
    history.last_bounce = from_unix(row.getColumn(first + 3).getInt64());
    history.soft_bounces = row.getColumn(first + 4).getInt();
    history.hard_bounces = row.getColumn(first + 5).getInt();
    history.blocked_bounces = row.getColumn(first + 6).getInt();
    return history;
}

Recipients::Recipients(SQLite::Database& db)
    : db_(db),
      insert_(db, "INSERT INTO recipients (address_key, address, state) VALUES (?, ?, 'clear')"),
      select_(db, R"sql(
          SELECT r.id, r.address, b.arrived, r.state, r.window, r.due_at, r.last_bounce, r.soft_bounces, r.hard_bounces,
                 r.blocked_bounces
          FROM recipients AS r LEFT JOIN bounces AS b ON b.id = r.newest_soft_bounce WHERE r.address_key = ?)sql"),
      set_newest_(db, "UPDATE recipients SET newest_soft_bounce = ? WHERE id = ?"),
      update_(db, R"sql(
          UPDATE recipients SET state = ?, window = ?, due_at = ?, last_bounce = ?, soft_bounces = ?, hard_bounces = ?,
                                blocked_bounces = ?
          WHERE id = ?)sql"),
      open_retry_(db, "INSERT INTO retries (recipient, window, since, due_at) VALUES (?, ?, ?, ?)"),
      close_retry_(db, "UPDATE retries SET outcome = ? WHERE recipient = ? AND outcome IS NULL"),
      suppress_(db, R"sql(
          INSERT INTO suppressions (recipient, since, cause, bounce) VALUES (?, ?, ?, ?)
          ON CONFLICT (recipient) DO NOTHING)sql"),
      unsuppress_(db, "DELETE FROM suppressions WHERE recipient = ?") {}

RecipientRow Recipients::take(const std::string& address) {
    const std::string key = to_lower(address);
    RecipientRow row;
    if (find_row(select_, key)) {
        row.id = select_.getColumn(0).getInt64();
        row.address = select_.getColumn(1).getString();
        row.has_bounce = !select_.isColumnNull(2);
        if (row.has_bounce) row.newest_arrived = from_unix(select_.getColumn(2).getInt64());
        row.history = history_in(select_, 3);
    } else {
        run(insert_, key, address);
        row.id = db_.getLastInsertRowid();
        row.address = address;
    }
    select_.reset();
    return row;
}

RecipientRow Recipients::row(std::int64_t id) {
    SQLite::Statement select(db_, "SELECT address FROM recipients WHERE id = ?");
    const bool found = find_row(select, id);
    assert(found);
    static_cast<void>(found);
    return take(select.getColumn(0).getString());
}

void Recipients::release(std::int64_t id) {
    SQLite::Statement forget(db_, "UPDATE recipients SET newest_soft_bounce = NULL WHERE id = ?");
    run(forget, id);
    run(unsuppress_, id);
}

void Recipients::reset(const RecipientRow& row) {
    release(row.id);
    SQLite::Statement forget(db_, "DELETE FROM retries WHERE recipient = ?");
    run(forget, row.id);
    set(row.id, {});
}

void Recipients::set_newest_soft_bounce(const RecipientRow& row, std::int64_t bounce) {
    run(set_newest_, bounce, row.id);
}

void Recipients::apply(const RecipientRow& before, const Decision& decision, std::int64_t bounce, Time arrived) {
    const History& after = decision.history;
    set(before.id, after);
    update_retries(before, after, arrived);
    if (after.state == before.history.state) return;
    if (after.state == State::suppressed) run(suppress_, before.id, to_unix(arrived), decision.cause, bounce);
    if (before.history.state == State::suppressed) run(unsuppress_, before.id);
}

void Recipients::set(std::int64_t id, const History& history) {
    run(update_, std::string(name(history.state)), history.window, to_unix(history.due_at),
        to_unix(history.last_bounce), history.soft_bounces, history.hard_bounces, history.blocked_bounces, id);
}

void Recipients::update_retries(const RecipientRow& before, const History& after, Time arrived) {
    if (enters_window(before.history, after)) {
        // The clock goes on to the next window, or begins anew after a silence.
        run(close_retry_, after.window > before.history.window ? "bounced" : "silent", before.id);
        run(open_retry_, before.id, after.window, to_unix(arrived), to_unix(after.due_at));
    } else if (after.state != before.history.state && after.state != State::waiting && after.state != State::retried) {
        run(close_retry_, outcome_of(after.state), before.id);
    }
}

} // namespace nixie

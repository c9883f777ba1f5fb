#include "store/recipients.hpp"

#include <algorithm>
#include <charconv>

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

std::vector<Strike> strikes_in(std::string_view text) {
    std::vector<Strike> out;
    Strike strike;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        const auto one = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        std::from_chars(one.data(), one.data() + one.size(), strike.day);
        const auto first = one.find('/'), second = one.find('/', first + 1);
        if (second != std::string_view::npos) {
            strike.type = find_bounce_type(one.substr(first + 1, second - first - 1)).value_or(BounceType::soft);
            strike.category = find_category(one.substr(second + 1)).value_or(Category::other);
        }
        out.push_back(strike);
    }
    return out;
}

bool enters_window(const History& before, const History& after) {
    return after.state == State::waiting &&
           (before.state != State::waiting || before.window != after.window || before.due_at != after.due_at);
}

} // namespace

// "20778/soft/quota-issues 20779 20781/soft/…": what is not named is as with the one before.
std::string strikes_text(const std::vector<Strike>& strikes) {
    std::string out;
    const Strike* before = nullptr;
    for (const auto& strike : strikes) {
        if (!out.empty()) out += ' ';
        out += std::to_string(strike.day);
        if (before == nullptr || before->type != strike.type || before->category != strike.category)
            out.append("/").append(name(strike.type)).append("/").append(name(strike.category));
        before = &strike;
    }
    return out;
}

History history_in(const SQLite::Statement& row, int first) {
    History history;
    history.state = find_state(row.getColumn(first).getString()).value_or(State::clear);
    history.window = row.getColumn(first + 1).getInt();
    history.due_at = from_unix(row.getColumn(first + 2).getInt64());
    history.last_bounce = from_unix(row.getColumn(first + 3).getInt64());
    history.soft_bounces = row.getColumn(first + 4).getInt();
    history.hard_bounces = row.getColumn(first + 5).getInt();
    history.blocked_bounces = row.getColumn(first + 6).getInt();
    history.last_success = from_unix(row.getColumn(first + 7).getInt64());
    history.complaints = row.getColumn(first + 8).getInt();
    history.ground = find_ground(row.getColumn(first + 9).getString());
    history.strikes = strikes_in(row.getColumn(first + 10).getString());
    return history;
}

Recipients::Recipients(SQLite::Database& db)
    : db_(db),
      insert_(db, "INSERT INTO recipients (address, state) VALUES (?, 'clear')"),
      select_(db, R"sql(
          SELECT r.id, r.address, coalesce(r.newest_soft_bounce, 0), )sql" +
                      history_columns + R"sql(
          FROM recipients AS r WHERE lower(r.address) = ?)sql"),
      set_newest_(db, "UPDATE recipients SET newest_soft_bounce = ? WHERE id = ?"),
      update_(db, R"sql(
          UPDATE recipients SET state = ?, window = ?, due_at = ?, last_bounce = ?, soft_bounces = ?, hard_bounces = ?,
                                blocked_bounces = ?, last_success = ?, complaints = ?, ground = ?, strikes = ?,
                                due_told = iif(?, 0, due_told)
          WHERE id = ?)sql"),
      open_retry_(db, "INSERT OR REPLACE INTO retries (recipient, window, since, due_at) VALUES (?, ?, ?, ?)"),
      close_retry_(db, "UPDATE retries SET outcome = ? WHERE recipient = ? AND outcome IS NULL"),
      suppress_(db, R"sql(
          INSERT INTO suppressions (recipient, since, ground, cause, bounce) VALUES (?, ?, ?, ?, nullif(?, 0))
          ON CONFLICT (recipient) DO UPDATE SET ground = excluded.ground, cause = excluded.cause, bounce = excluded.bounce)sql"),
      unsuppress_(db, "DELETE FROM suppressions WHERE recipient = ?"),
      note_(db, R"sql(
          INSERT INTO interventions (recipient, at, command, cause) VALUES (?, ?, ?, ?))sql"),
      renew_note_(db, R"sql(
          UPDATE interventions SET at = max(at, ?1) WHERE id = (
              SELECT max(id) FROM interventions WHERE recipient = ?2 AND command = ?3 AND cause = ?4 AND NOT folded))sql"),
      drop_originals_(db, R"sql(
          DELETE FROM originals WHERE bounce IN (SELECT id FROM bounce_rows WHERE recipient = ?1)
              AND NOT EXISTS (SELECT 1 FROM recipients
                              WHERE id = ?1 AND state = 'waiting' AND newest_soft_bounce = originals.bounce))sql"),
      later_(db, "SELECT 1 FROM bounce_rows WHERE id = ? AND arrived > ?") {}

std::optional<RecipientRow> Recipients::find(const std::string& address) {
    if (!find_row(select_, to_lower(address))) return std::nullopt;
    RecipientRow row;
    row.id = select_.getColumn(0).getInt64();
    row.address = select_.getColumn(1).getString();
    row.newest_soft_bounce = select_.getColumn(2).getInt64();
    row.history = history_in(select_, 3);
    select_.reset();
    return row;
}

RecipientRow Recipients::take(const std::string& address) {
    if (auto known = find(address)) return *std::move(known);
    run(insert_, address);
    RecipientRow row;
    row.id = db_.getLastInsertRowid();
    row.address = address;
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
    set(row.id, {}, Waits::as_before);
}

void Recipients::note(const RecipientRow& row, Time at, std::string_view command, std::string_view cause) {
    run(note_, row.id, to_unix(at), std::string(command), std::string(cause));
}

void Recipients::note_newest(const RecipientRow& row, Time at, std::string_view command, std::string_view cause) {
    run(renew_note_, to_unix(at), row.id, std::string(command), std::string(cause));
    if (db_.getChanges() == 0) note(row, at, command, cause);
}

bool Recipients::would_be_newest(const RecipientRow& row, Time arrived) {
    // Of a large journal that other row is another page to be read.
    if (row.newest_soft_bounce == 0 || arrived >= row.history.last_bounce) return true;
    return !find_row(later_, row.newest_soft_bounce, to_unix(arrived));
}

void Recipients::set_newest_soft_bounce(const RecipientRow& row, std::int64_t bounce) {
    run(set_newest_, bounce, row.id);
    if (row.newest_soft_bounce != 0) drop_originals(row.id);
}

void Recipients::drop_originals(std::int64_t id) { run(drop_originals_, id); }

void Recipients::apply(const RecipientRow& before, const Decision& decision, std::int64_t bounce, Time arrived) {
    const History& after = decision.history;
    if (after == before.history) return;
    set(before.id, after, enters_window(before.history, after) ? Waits::anew : Waits::as_before);
    update_retries(before, after, arrived);
    update_suppression(before, decision, bounce, arrived);
    if (before.history.state == State::waiting && after.state != State::waiting) drop_originals(before.id);
}

void Recipients::update_suppression(const RecipientRow& before, const Decision& decision, std::int64_t bounce,
                                    Time arrived) {
    const History& after = decision.history;
    const bool was = before.history.state == State::suppressed, is = after.state == State::suppressed;
    if (is && (!was || before.history.ground != after.ground))
        run(suppress_, before.id, to_unix(arrived), std::string(name(after.ground)), decision.cause, bounce);
    if (was && !is) run(unsuppress_, before.id);
}

void Recipients::set(std::int64_t id, const History& history, Waits waits) {
    bind_all(update_, std::string(name(history.state)), history.window, to_unix(history.due_at),
             to_unix(history.last_bounce), history.soft_bounces, history.hard_bounces, history.blocked_bounces,
             to_unix(history.last_success), history.complaints, std::string(name(history.ground)),
             strikes_text(history.strikes), waits == Waits::anew ? 1 : 0, id);
    update_.exec();
    update_.reset();
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

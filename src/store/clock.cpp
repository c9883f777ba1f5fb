// The retry clock in the journal: who is due, who was tried, and what time alone brings about.
#include "store/events.hpp"
#include "store/on_clock.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// What advance() changes in one transaction.
constexpr std::int64_t recipients_at_once = 1000;
/// So far clocks are set back to keep them right.
constexpr Duration clock_tolerance = std::chrono::minutes(5);

std::vector<DueRecipient> only_due(std::vector<OnClock>&& all) {
    std::vector<DueRecipient> out;
    out.reserve(all.size());
    for (auto& one : all) out.push_back(std::move(one.due));
    return out;
}

/// One step of advance(), inside the caller's transaction. Each part answers whether there may be more.
class Advancer {
  public:
    Advancer(SQLite::Database& db, const RetryPolicies& policies, Time now, Events events, Tries tries)
        : db_(db), policies_(policies), now_(now), tries_(tries), recipients_(db), events_(db, events, now) {}

    void look_at_clock(Advance& done) {
        SQLite::Statement newest(db_,
                                 "SELECT max(recorded_at) FROM message_rows "
                                 "WHERE duplicate_of IS NULL AND recorded_at IS NOT NULL");
        if (!find_row(newest)) return;
        const Time recorded = from_unix(newest.getColumn(0).getInt64());
        if (recorded <= now_ + clock_tolerance) return;
        SQLite::Statement once(db_, R"sql(
            INSERT INTO settings (name, value) VALUES ('recorded_ahead', ?1)
            ON CONFLICT (name) DO UPDATE SET value = ?1 WHERE value <> ?1 RETURNING name)sql");
        if (find_row(once, format_time(recorded))) done.recorded_ahead = recorded;
    }

    /// A clock that was once ahead set these.
    void mend_future() {
        const Duration longest = policies_.longest_window();
        if (longest == Duration::zero()) return;
        SQLite::Statement mend(db_, R"sql(
            UPDATE recipients SET due_at = ?1
            WHERE state IN ('waiting', 'retried') AND due_told IN (0, 1) AND due_at > ?1)sql");
        run(mend, to_unix(now_ + longest));
    }

    bool settle_silent(Advance& done) {
        const auto silent = some("r.due_told IN (0, 1) AND r.due_at <= ?1 LIMIT ?2", now_ - policies_.longest_settle());
        for (const auto& one : silent) {
            const auto decision = settle(one.row.history, policies_.of(one.due.mailbox), now_);
            const bool tried = one.row.history.state == State::retried;
            recipients_.apply(one.row, decision, 0, now_);
            if (!tried) continue;
            ++done.recovered;
            events_.add(events_without_report(one.row.address, State::retried, decision, now_, one.row.id), one.row.id);
        }
        return silent.size() == static_cast<std::size_t>(recipients_at_once);
    }

    bool tell_due(Advance& done) {
        const auto due =
            some("r.due_told = 0 AND r.state = 'waiting' AND r.due_at <= ?1 ORDER BY r.due_at LIMIT ?2", now_);
        SQLite::Statement told(db_, "UPDATE recipients SET due_told = 1 WHERE id = ?");
        for (const auto& one : due) {
            events_.add(due_event(one.due, tries_), one.row.id);
            run(told, one.row.id);
            ++done.due;
        }
        return due.size() == static_cast<std::size_t>(recipients_at_once);
    }

    void look_at_troubles(Advance& done) {
        SQLite::Statement end(db_, R"sql(
            UPDATE troubles SET ended_at = ?1, ended_by = 'time' WHERE ended_at IS NULL AND last_seen < ?2)sql");
        run(end, to_unix(now_), to_unix(now_ - policies_.common().sender.window));
        SQLite::Statement news(db_, "UPDATE troubles SET logged = 1 WHERE logged = 0 RETURNING what");
        while (news.executeStep()) done.alerts.push_back(news.getColumn(0).getString());
    }

  private:
    std::vector<OnClock> some(std::string_view where, Time until) {
        SQLite::Statement select(db_, select_on_clock(where));
        bind_all(select, to_unix(until), recipients_at_once);
        std::vector<OnClock> out;
        while (select.executeStep()) out.push_back(on_clock_in(select, policies_, now_));
        return out;
    }

    SQLite::Database& db_;
    const RetryPolicies& policies_;
    Time now_;
    Tries tries_;
    Recipients recipients_;
    EventQueue events_;
};

} // namespace

Result<std::vector<DueRecipient>> Store::due(Include include, const RetryPolicies& policies, Time now) {
    const Time until = include == Include::due ? now : Time::max();
    return impl_->read([&](SQLite::Database& db) { return only_due(select_due(db, policies, now, until)); });
}

Result<std::vector<DueRecipient>> Store::take_due(const RetryPolicies& policies, Time now) {
    return impl_->write([&](SQLite::Database& db) {
        auto due = select_due(db, policies, now, now);
        Recipients recipients(db);
        for (const auto& one : due) {
            const auto decision = nixie::carry_out(Order::tried, one.row.history, policies.of(one.due.mailbox), now);
            recipients.apply(one.row, decision, 0, now);
            recipients.note(one.row, now, name(Order::tried), decision.cause);
        }
        return only_due(std::move(due));
    });
}

Result<Advance> Store::advance(const RetryPolicies& policies, Time now, Events events, Tries tries) {
    Advance done;
    for (bool more = true; more;) {
        const auto step = impl_->write([&](SQLite::Database& db) {
            Advancer advancer(db, policies, now, events, tries);
            advancer.look_at_clock(done);
            advancer.mend_future();
            advancer.look_at_troubles(done);
            const bool silent = advancer.settle_silent(done);
            // What nobody is told of stays untold: should someone ask for events tomorrow, it is news then.
            const bool due = events == Events::queue && advancer.tell_due(done);
            return silent || due;
        });
        if (!step) return step.error();
        more = *step;
    }
    return done;
}

} // namespace nixie

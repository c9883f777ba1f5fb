#include "store/on_clock.hpp"

#include "store/store_impl.hpp"

namespace nixie {

std::string select_on_clock(std::string_view where) {
    return "SELECT r.id, r.address, b.reason, b.category, b.diagnostic, m.original_message_id, m.campaign, "
           "m.mailbox, " +
           history_columns +
           " FROM recipients AS r LEFT JOIN bounces AS b ON b.id = r.newest_soft_bounce"
           " LEFT JOIN messages AS m ON m.id = b.message"
           " WHERE r.state IN ('waiting', 'retried') AND " +
           std::string(where);
}

OnClock on_clock_in(const SQLite::Statement& select, const RetryPolicies& policies, Time now) {
    OnClock out;
    out.row.id = select.getColumn(0).getInt64();
    out.row.address = select.getColumn(1).getString();
    out.row.history = history_in(select, 8);
    const History& history = out.row.history;
    const std::string mailbox = select.getColumn(7).getString();
    const RetryPolicy& policy = policies.of(mailbox);
    out.due = {out.row.address,
               state_at(history, policy, now),
               history.due_at,
               history.window,
               history.soft_bounces,
               find_reason(select.getColumn(2).getString()).value_or(Reason::undefined),
               find_category(select.getColumn(3).getString()).value_or(Category::other),
               select.getColumn(4).getString(),
               select.getColumn(5).getString(),
               select.getColumn(6).getString(),
               mailbox,
               {}};
    const auto& windows = policy.windows_for(out.due.reason, out.due.category);
    const auto window = static_cast<std::size_t>(history.window);
    out.due.length = window < windows.size() ? format_duration(windows[window]) : "-";
    return out;
}

std::vector<OnClock> select_due(SQLite::Database& db, const RetryPolicies& policies, Time now, Time until) {
    // Both values of due_told are named so that the index serves.
    SQLite::Statement select(db,
                             select_on_clock("r.due_told IN (0, 1) AND r.state = 'waiting' AND r.due_at BETWEEN ? AND ?"
                                             " ORDER BY r.due_at, r.id"));
    bind_all(select, to_unix(now - policies.longest_settle()), to_unix(until));
    std::vector<OnClock> out;
    while (select.executeStep()) {
        auto one = on_clock_in(select, policies, now);
        if (one.due.state == State::due || one.due.state == State::waiting) out.push_back(std::move(one));
    }
    return out;
}

} // namespace nixie

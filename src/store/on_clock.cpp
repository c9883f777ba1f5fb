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

OnClock on_clock_in(const SQLite::Statement& select, const RetryPolicy& policy, Time now) {
    OnClock out;
    out.row.id = select.getColumn(0).getInt64();
    out.row.address = select.getColumn(1).getString();
    out.row.history = history_in(select, 8);
    const History& history = out.row.history;
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
               select.getColumn(7).getString()};
    return out;
}

} // namespace nixie

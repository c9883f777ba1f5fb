#include "store/rebuild.hpp"

#include <vector>

#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

struct PastReport {
    std::int64_t bounce = 0;
    Incident incident;
    Time recorded{};
};

std::vector<PastReport> past_reports(SQLite::Database& db, std::int64_t recipient) {
    SQLite::Statement select(db, R"sql(
        SELECT b.id, b.kind, b.type, b.arrived, m.recorded_at
        FROM bounces AS b JOIN messages AS m ON m.id = b.message
        WHERE b.recipient = ? AND NOT b.set_aside ORDER BY b.arrived, b.id)sql");
    SQLite::bind(select, recipient);
    std::vector<PastReport> out;
    while (select.executeStep())
        out.push_back({select.getColumn(0).getInt64(),
                       {find_kind(select.getColumn(1).getString()).value_or(Kind::other),
                        find_bounce_type(select.getColumn(2).getString()).value_or(BounceType::soft),
                        from_unix(select.getColumn(3).getInt64())},
                       from_unix(select.getColumn(4).getInt64())});
    return out;
}

} // namespace

Rebuilt rebuild(SQLite::Database& db, std::int64_t recipient, const RetryPolicy& policy) {
    Recipients recipients(db);
    RecipientRow row = recipients.row(recipient);
    Rebuilt out{row.history, {}, {Action::none, "nothing is recorded against the address any more", {}}};
    recipients.reset(row);
    row.history = {};
    SQLite::Statement note(db, "UPDATE bounces SET decision = ?, cause = ? WHERE id = ?");
    for (const auto& report : past_reports(db, recipient)) {
        out.last = decide(report.incident, row.history, policy, report.recorded);
        run(note, std::string(name(out.last.action)), out.last.cause, report.bounce);
        recipients.apply(row, out.last, report.bounce, report.incident.arrived);
        if (report.incident.kind == Kind::bounce && report.incident.type == BounceType::soft)
            recipients.set_newest_soft_bounce(row, report.bounce);
        row.history = out.last.history;
    }
    out.after = row.history;
    return out;
}

} // namespace nixie

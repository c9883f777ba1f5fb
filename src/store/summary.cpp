// The figures behind `nixie report`. Each group is one pass over the bounces of the span and of the one before it.
#include "store/summary.hpp"

#include <fmt/format.h>

#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// Of what is counted.
struct Span {
    std::int64_t before, since, until; ///< unix seconds
    std::string mailbox;               ///< empty: all
};

constexpr const char* domain_of_address = "lower(substr(b.address, instr(b.address, '@') + 1))";
constexpr const char* day_of_arrival = "strftime('%Y-%m-%d', b.arrived, 'unixepoch')";

/// CROSS JOIN begins with the messages. Finds by an index what may have arrived since ?2: it was recorded later, unless the server's clock was ahead, by a day at most.
constexpr const char* recorded_since_then = "m.duplicate_of IS NULL AND m.recorded_at >= ?2 - 86400";

/// `name` is an expression in SQL, of ours.
std::vector<GroupCount> group(SQLite::Database& db, const Span& span, std::string_view name, std::string_view order,
                              std::int64_t most) {
    SQLite::Statement select(db, fmt::format(R"sql(
        SELECT {} AS name,
               sum(b.type = 'hard' AND b.arrived >= ?1) AS hard, sum(b.type = 'soft' AND b.arrived >= ?1) AS soft,
               sum(b.type = 'blocked' AND b.arrived >= ?1) AS blocked, sum(b.arrived < ?1)
        FROM messages AS m CROSS JOIN bounces AS b ON b.message = m.id
        WHERE {} AND b.kind = 'bounce' AND b.arrived >= ?2 AND b.arrived < ?3 AND (?5 = '' OR m.mailbox = ?5)
        GROUP BY name HAVING name <> '' ORDER BY {} LIMIT ?4)sql",
                                             name, recorded_since_then, order));
    SQLite::bind(select, span.since, span.before, span.until, most, span.mailbox);
    std::vector<GroupCount> out;
    while (select.executeStep())
        out.push_back({select.getColumn(0).getString(),
                       {select.getColumn(1).getInt64(), select.getColumn(2).getInt64(), select.getColumn(3).getInt64()},
                       select.getColumn(4).getInt64()});
    return out;
}

std::vector<GroupCount> kinds_of(SQLite::Database& db, const Span& span) {
    SQLite::Statement select(db, fmt::format(R"sql(
        SELECT kind, sum(arrived >= ?1), sum(arrived < ?1) FROM messages AS m
        WHERE {} AND stage <> 'planned' AND m.arrived >= ?2 AND m.arrived < ?3 AND (?4 = '' OR m.mailbox = ?4)
        GROUP BY kind ORDER BY 2 DESC, 1)sql",
                                             recorded_since_then));
    SQLite::bind(select, span.since, span.before, span.until, span.mailbox);
    std::vector<GroupCount> out;
    while (select.executeStep())
        out.push_back(
            {select.getColumn(0).getString(), {0, 0, select.getColumn(1).getInt64()}, select.getColumn(2).getInt64()});
    return out;
}

void total(SQLite::Database& db, const Span& span, Summary& summary) {
    SQLite::Statement select(db, fmt::format(R"sql(
        SELECT sum(b.kind = 'bounce' AND type = 'hard' AND b.arrived >= ?1),
               sum(b.kind = 'bounce' AND type = 'soft' AND b.arrived >= ?1),
               sum(b.kind = 'bounce' AND type = 'blocked' AND b.arrived >= ?1),
               sum(b.kind = 'bounce' AND type = 'hard' AND b.arrived < ?1),
               sum(b.kind = 'bounce' AND type = 'soft' AND b.arrived < ?1),
               sum(b.kind = 'bounce' AND type = 'blocked' AND b.arrived < ?1),
               count(DISTINCT CASE WHEN b.kind = 'bounce' AND b.arrived >= ?1 THEN recipient END),
               sum(b.kind = 'complaint' AND b.arrived >= ?1)
        FROM messages AS m CROSS JOIN bounces AS b ON b.message = m.id
        WHERE {} AND b.arrived >= ?2 AND b.arrived < ?3 AND (?4 = '' OR m.mailbox = ?4))sql",
                                             recorded_since_then));
    if (!find_row(select, span.since, span.before, span.until, span.mailbox)) return;
    const auto count = [&](int column) { return select.getColumn(column).getInt64(); };
    summary.bounces = {count(0), count(1), count(2)};
    summary.before = {count(3), count(4), count(5)};
    summary.recipients = count(6);
    summary.complaints = count(7);
}

/// By each address's newest decision that says so.
void advise(SQLite::Database& db, const Span& span, std::int64_t most, Summary& summary) {
    constexpr const char* chosen =
        "FROM recipients AS r WHERE r.state IN ('suppressed', 'exhausted') AND r.last_bounce >= ?1 AND r.last_bounce < "
        "?2 AND (?4 = '' OR EXISTS (SELECT 1 FROM bounces AS x JOIN messages AS m ON m.id = x.message "
        "WHERE x.recipient = r.id AND m.mailbox = ?4))";
    SQLite::Statement count(db, fmt::format("SELECT count(*) {}", chosen));
    if (find_row(count, span.since, span.until, most, span.mailbox))
        summary.all_removals = count.getColumn(0).getInt64();
    SQLite::Statement select(db, fmt::format(R"sql(
        SELECT removal.address, removal.state, removal.last_bounce, b.cause, b.reason,
               (SELECT count(*) FROM bounces WHERE recipient = removal.id AND kind IN ('bounce', 'complaint'))
        FROM (SELECT id, address, state, last_bounce {} ORDER BY r.last_bounce DESC, r.id DESC LIMIT ?3) AS removal
        LEFT JOIN bounces AS b ON b.id = (SELECT id FROM bounces WHERE recipient = removal.id AND decision IN ('suppress', 'exhaust')
                                          ORDER BY arrived DESC, id DESC LIMIT 1)
        ORDER BY removal.last_bounce DESC, removal.id DESC)sql",
                                             chosen));
    SQLite::bind(select, span.since, span.until, most, span.mailbox);
    while (select.executeStep())
        summary.removals.push_back(
            {select.getColumn(0).getString(), find_state(select.getColumn(1).getString()).value_or(State::suppressed),
             from_unix(select.getColumn(2).getInt64()), select.getColumn(3).getString(),
             find_reason(select.getColumn(4).getString()).value_or(Reason::undefined), select.getColumn(5).getInt64()});
}

} // namespace

Result<Summary> Store::summary(Time since, Time until, std::size_t most, const std::string& mailbox) {
    return impl_->read([&](SQLite::Database& db) {
        Summary summary;
        summary.since = since;
        summary.until = until;
        const Span span{to_unix(since) - (to_unix(until) - to_unix(since)), to_unix(since), to_unix(until), mailbox};
        const auto limit = static_cast<std::int64_t>(most);
        const auto frequent = "hard + soft + blocked DESC, name";
        total(db, span, summary);
        summary.days = group(db, {span.since, span.since, span.until, mailbox}, day_of_arrival, "name", -1);
        summary.categories = group(db, span, "b.category", frequent, -1);
        summary.reasons = group(db, span, "b.reason", frequent, limit);
        summary.domains = group(db, span, domain_of_address, frequent, limit);
        summary.hosts = group(db, span, "lower(b.remote_mta)", frequent, limit);
        summary.mailings = group(db, span, "m.campaign", frequent, limit);
        summary.kinds = kinds_of(db, span);
        for (const auto& kind : summary.kinds) summary.messages += kind.bounces.total();
        advise(db, span, limit, summary);
        return summary;
    });
}

} // namespace nixie

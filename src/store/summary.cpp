// The figures behind `nixie report`. Each group is one pass over the bounces of the span and of the one before it.
#include "store/summary.hpp"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include "store/provider.hpp"
#include "store/store_impl.hpp"
#include "store/tallies.hpp"

namespace nixie {
namespace {

/// Of what is counted.
struct Span {
    std::int64_t before, since, until; ///< unix seconds
    std::string mailbox;               ///< empty: all
};

/// A hash in an address's place has none.
constexpr const char* domain_of_address =
    "iif(instr(b.address, '@') > 0, lower(substr(b.address, instr(b.address, '@') + 1)), '')";
constexpr const char* provider_of_bounce = "provider_of(b.address, b.remote_mta, m.reporting_mta)";
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

/// Beside what was sent, of which nobody knows for which mailbox. Hours, and days, count to the span in which they begin.
SpanTotals total(SQLite::Database& db, std::int64_t since, std::int64_t until, const Span& span) {
    SQLite::Statement select(db, fmt::format(R"sql(
        SELECT sum(b.kind = 'bounce' AND type = 'hard'), sum(b.kind = 'bounce' AND type = 'soft'),
               sum(b.kind = 'bounce' AND type = 'blocked'), count(DISTINCT CASE WHEN b.kind = 'bounce' THEN recipient END),
               sum(b.kind = 'complaint')
        FROM messages AS m CROSS JOIN bounces AS b ON b.message = m.id
        WHERE {} AND b.arrived >= ?2 AND b.arrived < ?1 AND (?3 = '' OR m.mailbox = ?3))sql",
                                             recorded_since_then));
    SpanTotals out;
    if (find_row(select, until, since, span.mailbox)) {
        const auto count = [&](int column) { return select.getColumn(column).getInt64(); };
        out.bounces = {count(0), count(1), count(2)};
        out.recipients = count(3);
        out.complaints = count(4);
    }
    SQLite::Statement sent(db,
                           "SELECT sum(sent) FROM tallies WHERE scope = 'all' AND name = '' AND at >= ? AND at < ?");
    if (span.mailbox.empty() && find_row(sent, since, until)) out.sent = sent.getColumn(0).getInt64();
    return out;
}

void add_sent(SQLite::Database& db, const Span& span, std::vector<GroupCount>& domains) {
    if (!span.mailbox.empty()) return;
    SQLite::Statement select(
        db, "SELECT sum(sent) FROM tallies WHERE scope = 'domain' AND name = ? AND at >= ? AND at < ?");
    for (auto& domain : domains)
        if (find_row(select, domain.name, span.since, span.until)) domain.sent = select.getColumn(0).getInt64();
}

std::vector<Rate> rates_of_mailings(SQLite::Database& db, const Span& span, std::int64_t most) {
    SQLite::Statement select(db, R"sql(
        SELECT name, sent, hard, soft, blocked FROM campaigns
        WHERE sent > 0 AND since >= ?1 AND since < ?2 AND ?3 = '' ORDER BY id DESC LIMIT ?4)sql");
    SQLite::bind(select, span.since, span.until, span.mailbox, most);
    std::vector<Rate> out;
    while (select.executeStep())
        out.push_back({RateScope::mailing, select.getColumn(0).getString(), tally_in(select, 1)});
    return out;
}

std::vector<GroupCount> most_changed(std::vector<GroupCount> groups, std::size_t most) {
    const auto change = [](const GroupCount& group) { return std::abs(group.bounces.total() - group.before); };
    std::erase_if(groups, [&](const GroupCount& group) { return change(group) == 0; });
    std::stable_sort(groups.begin(), groups.end(),
                     [&](const GroupCount& a, const GroupCount& b) { return change(a) > change(b); });
    if (groups.size() > most) groups.resize(most);
    return groups;
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
        teach_providers(db);
        summary.now = total(db, span.since, span.until, span);
        summary.before = total(db, span.before, span.since, span);
        summary.days = group(db, {span.since, span.since, span.until, mailbox}, day_of_arrival, "name", -1);
        summary.categories = group(db, span, "b.category", frequent, -1);
        summary.reasons = group(db, span, "b.reason", frequent, -1);
        summary.changed_reasons = most_changed(summary.reasons, most);
        if (summary.reasons.size() > most) summary.reasons.resize(most);
        summary.providers = group(db, span, provider_of_bounce, frequent, limit);
        summary.domains = group(db, span, domain_of_address, frequent, limit);
        add_sent(db, span, summary.domains);
        summary.hosts = group(db, span, "lower(b.remote_mta)", frequent, limit);
        summary.mailings = group(db, span, "m.campaign", frequent, limit);
        summary.kinds = kinds_of(db, span);
        for (const auto& kind : summary.kinds) {
            summary.now.messages += kind.bounces.total();
            summary.before.messages += kind.before;
        }
        summary.mailing_rates = rates_of_mailings(db, span, limit);
        advise(db, span, limit, summary);
        return summary;
    });
}

} // namespace nixie

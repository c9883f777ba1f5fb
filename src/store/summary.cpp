// The figures behind `nixie report`.
#include "store/summary.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>

#include <fmt/format.h>

#include "store/span_count.hpp"
#include "store/store_impl.hpp"
#include "store/tallies.hpp"

namespace nixie {
namespace {

std::vector<GroupCount> kinds_of(SQLite::Database& db, const Span& span) {
    SQLite::Statement select(db, fmt::format(R"sql(
        SELECT (SELECT text FROM texts WHERE id = m.kind), sum(arrived >= ?4), sum(arrived < ?4) FROM message_rows AS m
        WHERE {} AND stage <> 0 AND m.arrived >= ?1 AND m.arrived < ?2 GROUP BY kind ORDER BY 2 DESC, 1)sql",
                                             in_span));
    bind_all(select, span.before, span.until, span.mailbox, span.since);
    std::vector<GroupCount> out;
    while (select.executeStep())
        out.push_back(
            {select.getColumn(0).getString(), {0, 0, select.getColumn(1).getInt64()}, select.getColumn(2).getInt64()});
    return out;
}

/// Of which nobody knows for which mailbox. Hours, and days, count to the span in which they begin.
std::int64_t sent_between(SQLite::Database& db, std::int64_t since, std::int64_t until, const Span& span) {
    SQLite::Statement sent(db,
                           "SELECT sum(sent) FROM tallies WHERE scope = 'all' AND name = '' AND at >= ? AND at < ?");
    return span.mailbox.empty() && find_row(sent, since, until) ? sent.getColumn(0).getInt64() : 0;
}

void add_sent(SQLite::Database& db, const Span& span, Summary& summary) {
    if (!span.mailbox.empty()) return;
    std::map<std::string, std::int64_t> domains, providers;
    for (const auto& row : summary.domains) domains[row.name] = 0;
    for (const auto& row : summary.providers) providers[row.name] = 0;
    const auto add = [](auto& shown, const std::string& name, const Tally& tally) {
        if (const auto row = shown.find(name); row != shown.end()) row->second += tally.sent;
    };
    each_domain(db, summary.since, summary.until,
                [&](const std::string& provider, const std::string& domain, const Tally& tally) {
                    add(domains, domain, tally);
                    add(providers, provider, tally);
                });
    for (auto& row : summary.domains) row.sent = domains[row.name];
    for (auto& row : summary.providers) row.sent = providers[row.name];
}

std::vector<Rate> rates_of_mailings(SQLite::Database& db, const Span& span, std::int64_t most) {
    SQLite::Statement select(db, R"sql(
        SELECT name, sent, hard, soft, blocked FROM campaigns
        WHERE sent > 0 AND since >= ?1 AND since < ?2 AND ?3 = '' ORDER BY id DESC LIMIT ?4)sql");
    bind_all(select, span.since, span.until, span.mailbox, most);
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
    bind_all(select, span.since, span.until, most, span.mailbox);
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
        SpanCount(db, span).tell(summary, most);
        summary.now.sent = sent_between(db, span.since, span.until, span);
        summary.before.sent = sent_between(db, span.before, span.since, span);
        summary.changed_reasons = most_changed(summary.reasons, most);
        if (summary.reasons.size() > most) summary.reasons.resize(most);
        add_sent(db, span, summary);
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

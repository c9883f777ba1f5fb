// Bounce rates, and what was sent.
#include "store/provider.hpp"
#include "store/store_impl.hpp"
#include "store/tallies.hpp"
#include "store/troubles.hpp"

namespace nixie {

Result<std::vector<Rate>> Store::rates(RateScope scope, Time since) {
    return impl_->read([&](SQLite::Database& db) {
        const char* const sql = scope == RateScope::mailing ? R"sql(
            SELECT name, sent, hard, soft, blocked FROM campaigns WHERE since >= ?1 AND ?2 = 'mailing' ORDER BY id DESC)sql"
                                                            : R"sql(
            SELECT name, sum(sent), sum(hard), sum(soft), sum(blocked) FROM tallies
            WHERE scope = ?2 AND at >= ?1 GROUP BY name ORDER BY sum(hard) + sum(soft) + sum(blocked) DESC, name)sql";
        SQLite::Statement select(db, sql);
        bind_all(select, to_unix(since),
                 std::string(scope == RateScope::provider ? scope_provider
                             : scope == RateScope::domain ? scope_domain
                                                          : "mailing"));
        std::vector<Rate> out;
        while (select.executeStep()) out.push_back({scope, select.getColumn(0).getString(), tally_in(select, 1)});
        return out;
    });
}

Result<std::int64_t> Store::sent(const std::string& campaign, const SentCounts& counts, const RetryPolicy& policy,
                                 Time now, Events events) {
    return impl_->write([&](SQLite::Database& db) {
        Tallies tallies(db);
        EventQueue queue(db, events, now);
        Tally more;
        more.sent = counts.messages;
        tallies.count_sent(counts, now);
        tallies.flush();
        if (campaign.empty()) return counts.messages;
        tallies.add_to_campaign(campaign, more, now);
        check_mailing_rate(db, tallies, campaign, policy.sender, now, queue);
        return tallies.campaign(campaign).tally.sent;
    });
}

} // namespace nixie

// Bounce rates, and what was sent.
#include <algorithm>

#include "store/store_impl.hpp"
#include "store/tallies.hpp"
#include "store/troubles.hpp"

namespace nixie {
namespace {

std::vector<Rate> rates_of_mailings(SQLite::Database& db, Time since) {
    SQLite::Statement select(db,
                             "SELECT name, sent, hard, soft, blocked FROM campaigns WHERE since >= ? ORDER BY id DESC");
    bind_all(select, to_unix(since));
    std::vector<Rate> out;
    while (select.executeStep())
        out.push_back({RateScope::mailing, select.getColumn(0).getString(), tally_in(select, 1)});
    return out;
}

/// A provider's are those of its domains.
std::vector<Rate> rates_of_domains(SQLite::Database& db, RateScope scope, Time since) {
    std::map<std::string, Tally> tallies;
    each_domain(db, Time{std::chrono::floor<std::chrono::days>(since)}, Time::max(),
                [&](const std::string& provider, const std::string& domain, const Tally& tally) {
                    tallies[scope == RateScope::provider ? provider : domain] += tally;
                });
    std::vector<Rate> out;
    for (const auto& [name, tally] : tallies) out.push_back({scope, name, tally});
    std::stable_sort(out.begin(), out.end(),
                     [](const Rate& a, const Rate& b) { return a.tally.bounced() > b.tally.bounced(); });
    return out;
}

} // namespace

Result<std::vector<Rate>> Store::rates(RateScope scope, Time since) {
    return impl_->read([&](SQLite::Database& db) {
        return scope == RateScope::mailing ? rates_of_mailings(db, since) : rates_of_domains(db, scope, since);
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

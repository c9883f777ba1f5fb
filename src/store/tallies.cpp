#include "store/tallies.hpp"

#include "store/provider.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// So late a report may come that arrived before the one with which its mailing began.
constexpr Duration out_of_order = std::chrono::hours(24 * 7);

} // namespace

Tally tally_in(const SQLite::Statement& row, int first) {
    return {row.getColumn(first).getInt64(), row.getColumn(first + 1).getInt64(), row.getColumn(first + 2).getInt64(),
            row.getColumn(first + 3).getInt64()};
}

void each_domain(SQLite::Database& db, Time since, Time until,
                 const std::function<void(const std::string&, const std::string&, const Tally&)>& tell) {
    SQLite::Statement select(db, R"sql(
        SELECT domain, coalesce(provider, ''), sum(sent), sum(hard), sum(soft), sum(blocked)
        FROM domain_days LEFT JOIN domain_providers USING (domain) WHERE day >= ? AND day < ? GROUP BY domain)sql");
    bind_all(select, to_unix(since), to_unix(until));
    while (select.executeStep()) {
        const std::string domain = select.getColumn(0).getString(), provider = select.getColumn(1).getString();
        tell(provider.empty() ? registrable_domain(domain) : provider, domain, tally_in(select, 2));
    }
}

Tallies::Tallies(SQLite::Database& db)
    : add_(db, R"sql(
          INSERT INTO tallies (scope, name, at, sent, hard, soft, blocked) VALUES (?, ?, ?, ?, ?, ?, ?)
          ON CONFLICT (scope, name, at) DO UPDATE SET sent = sent + excluded.sent, hard = hard + excluded.hard,
              soft = soft + excluded.soft, blocked = blocked + excluded.blocked)sql"),
      sum_(db, R"sql(
          SELECT coalesce(sum(sent), 0), coalesce(sum(hard), 0), coalesce(sum(soft), 0), coalesce(sum(blocked), 0)
          FROM tallies WHERE scope = ? AND name = ? AND at >= ? AND at < ?)sql"),
      add_to_domain_(db, R"sql(
          INSERT INTO domain_days (day, domain, sent, hard, soft, blocked) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (day, domain) DO UPDATE SET sent = sent + excluded.sent, hard = hard + excluded.hard,
              soft = soft + excluded.soft, blocked = blocked + excluded.blocked)sql"),
      set_provider_(db, R"sql(
          INSERT INTO domain_providers (domain, provider) VALUES (?, ?)
          ON CONFLICT (domain) DO UPDATE SET provider = excluded.provider WHERE provider <> excluded.provider)sql"),
      counted_(db, "SELECT counted_campaign FROM recipients WHERE id = ?"),
      set_counted_(db, "UPDATE recipients SET counted_campaign = ? WHERE id = ?"),
      bounced_before_(db, R"sql(
          SELECT 1 FROM (SELECT message, kind FROM bounce_rows WHERE recipient = ?1 ORDER BY id DESC LIMIT 100) AS b
              JOIN messages AS m ON m.id = b.message
          WHERE b.kind = (SELECT id FROM texts WHERE text = 'bounce') AND m.campaign = ?2 LIMIT 1)sql"),
      find_campaign_(db, R"sql(
          SELECT id, sent, hard, soft, blocked, warned_at IS NOT NULL, paused_at IS NOT NULL, since
          FROM campaigns WHERE name = ?)sql"),
      add_campaign_(db, R"sql(
          INSERT INTO campaigns (name, since, sent, hard, soft, blocked) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (name) DO UPDATE SET sent = sent + excluded.sent, hard = hard + excluded.hard,
              soft = soft + excluded.soft, blocked = blocked + excluded.blocked)sql") {}

Tally& Tallies::pending(const char* scope, const std::string& name, Time at) {
    return pending_[{scope, name, to_unix(Time{std::chrono::floor<std::chrono::hours>(at)})}];
}

Tally& Tallies::pending_of_domain(const std::string& domain, Time at) {
    return pending_domains_[{to_unix(Time{std::chrono::floor<std::chrono::days>(at)}), domain}];
}

void Tallies::count(const Counted& bounce) {
    pending(scope_all, "", bounce.arrived).add(bounce.type);
    pending(scope_reason, std::string(name(bounce.reason)), bounce.arrived).add(bounce.type);
    if (!bounce.provider.empty()) pending(scope_provider, bounce.provider, bounce.arrived).add(bounce.type);
    if (!bounce.domain.empty()) {
        pending_of_domain(bounce.domain, bounce.arrived).add(bounce.type);
        if (bounce.provider != registrable_domain(bounce.domain)) providers_[bounce.domain] = bounce.provider;
    }
    if (bounce.campaign.empty()) return;
    const CampaignTally& campaign = begun(bounce.campaign, bounce.arrived);
    if (bounce.recipient != 0 && was_counted(campaign, bounce)) return;
    pending_campaigns_[bounce.campaign].add(bounce.type);
}

bool Tallies::was_counted(const CampaignTally& campaign, const Counted& bounce) {
    const std::int64_t last = find_row(counted_, bounce.recipient) ? counted_.getColumn(0).getInt64() : 0;
    if (last == campaign.id || !counted_now_.emplace(campaign.id, bounce.recipient).second) return true;
    run(set_counted_, campaign.id, bounce.recipient);
    // Who bounced in another mailing meanwhile may have been counted in this one before; but not before it began. Of a large
    // journal each of the reports to look through is a page to be read.
    return last != 0 && bounce.last_bounce + out_of_order >= campaign.since &&
           find_row(bounced_before_, bounce.recipient, bounce.campaign);
}

const CampaignTally& Tallies::begun(const std::string& name, Time at) {
    const auto [known, is_new] = begun_.try_emplace(name);
    if (!is_new) return known->second;
    if (campaign(name).id == 0) add_to_campaign(name, {}, at);
    return known->second = campaign(name);
}

void Tallies::count_sent(const SentCounts& counts, Time at) {
    pending(scope_all, "", at).sent += counts.messages;
    for (const auto& [domain, messages] : counts.by_domain) pending_of_domain(domain, at).sent += messages;
}

void Tallies::flush() {
    for (const auto& [key, tally] : pending_)
        run(add_, std::get<0>(key), std::get<1>(key), std::get<2>(key), tally.sent, tally.hard, tally.soft,
            tally.blocked);
    pending_.clear();
    for (const auto& [key, tally] : pending_domains_)
        run(add_to_domain_, key.first, key.second, tally.sent, tally.hard, tally.soft, tally.blocked);
    pending_domains_.clear();
    for (const auto& [domain, provider] : providers_) run(set_provider_, domain, provider);
    providers_.clear();
    for (const auto& [name, tally] : pending_campaigns_) add_to_campaign(name, tally, Time{}); // they are all there
    pending_campaigns_.clear();
}

Tally Tallies::between(const std::string& scope, const std::string& name, Time since, Time until) {
    return find_row(sum_, scope, name, to_unix(since), to_unix(until)) ? tally_in(sum_, 0) : Tally{};
}

CampaignTally Tallies::campaign(const std::string& name) {
    CampaignTally out;
    if (!find_row(find_campaign_, name)) return out;
    out.id = find_campaign_.getColumn(0).getInt64();
    out.since = from_unix(find_campaign_.getColumn(7).getInt64());
    out.tally = tally_in(find_campaign_, 1);
    out.warned = find_campaign_.getColumn(5).getInt() != 0;
    out.paused = find_campaign_.getColumn(6).getInt() != 0;
    find_campaign_.reset();
    return out;
}

void Tallies::add_to_campaign(const std::string& name, const Tally& more, Time at) {
    run(add_campaign_, name, to_unix(at), more.sent, more.hard, more.soft, more.blocked);
}

} // namespace nixie

#include "store/troubles.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "store/store_impl.hpp"

namespace nixie {
namespace {

constexpr const char* scope_mailing = "mailing";
constexpr std::chrono::hours week{24 * 7};

NewEvent sender_event(const char* type, const std::string& scope, const std::string& name, const std::string& what,
                      Time at, const nlohmann::ordered_json& more) {
    const auto key = fmt::format("sender/{}/{}/{}/{}", type, scope, name, format_time(at));
    nlohmann::ordered_json body{{"event", type}, {"key", key},   {"scope", scope},
                                {"name", name},  {"what", what}, {"at", format_time(at)}};
    body.update(more);
    return {key, type, body.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace)};
}

} // namespace

void TroubleWatch::expect(const Counted& bounce) {
    if (!is_recent(bounce)) return;
    reasons_.insert(bounce.reason);
    if (!bounce.provider.empty()) providers_.insert(bounce.provider);
    if (!bounce.campaign.empty()) campaigns_.insert(bounce.campaign);
}

void TroubleWatch::look(Tallies& tallies, EventQueue& events) {
    if (reasons_.empty()) return;
    expect_what_lasts();
    const Time since = now_ - policy_.window, until = now_ + std::chrono::hours(1);
    const Tally all = tallies.between(scope_all, "", since, until);
    if (all.bounced() >= policy_.floor) {
        for (const Reason reason : reasons_) {
            const std::string word(nixie::name(reason));
            raise(scope_reason, word,
                  suspect_reason(reason, tallies.between(scope_reason, word, since, until), all, policy_), events);
        }
        const Tally all_before = tallies.between(scope_all, "", since - week, since);
        for (const auto& provider : providers_) {
            const Tally of_it = tallies.between(scope_provider, provider, since, until);
            // Most providers are far from it: their week need not be summed up.
            if (of_it.bounced() * 100 < all.bounced() * policy_.provider_share) continue;
            const Tally before = tallies.between(scope_provider, provider, since - week, since);
            raise(scope_provider, provider, suspect_provider(provider, of_it, all, before, all_before, policy_),
                  events);
        }
    }
    look_at_mailings(tallies, events);
    reasons_.clear();
    providers_.clear();
    campaigns_.clear();
}

/// A trouble lasts although this batch may say nothing of it.
void TroubleWatch::expect_what_lasts() {
    SQLite::Statement open(db_, "SELECT scope, name FROM troubles WHERE ended_at IS NULL AND last_seen > ?");
    bind_all(open, to_unix(now_ - policy_.window));
    while (open.executeStep()) {
        const std::string scope = open.getColumn(0).getString(), name = open.getColumn(1).getString();
        if (scope == scope_reason)
            if (const auto reason = find_reason(name)) reasons_.insert(*reason);
        if (scope == scope_provider) providers_.insert(name);
        if (scope == scope_mailing) campaigns_.insert(name);
    }
}

void TroubleWatch::look_at_mailings(Tallies& tallies, EventQueue& events) {
    for (const auto& name : campaigns_) {
        const Tally of_it = tallies.campaign(name).tally;
        if (of_it.bounced() >= policy_.floor) {
            SQLite::Statement others(db_, R"sql(
                SELECT count(*), coalesce(sum(bounced), 0)
                FROM (SELECT hard + soft + blocked AS bounced FROM campaigns WHERE name <> ? ORDER BY id DESC LIMIT 20))sql");
            find_row(others, name);
            raise(scope_mailing, name,
                  suspect_mailing(name, of_it, others.getColumn(0).getInt64(), others.getColumn(1).getInt64(), policy_),
                  events);
        }
        check_mailing_rate(db_, tallies, name, policy_, now_, events);
    }
}

void TroubleWatch::raise(const std::string& scope, const std::string& name, const std::string& what,
                         EventQueue& events) {
    if (what.empty() || !policy_.hold) return;
    SQLite::Statement open(db_, R"sql(
        SELECT id, ended_at IS NOT NULL FROM troubles
        WHERE scope = ? AND name = ? AND (ended_at IS NULL OR (ended_by = 'person' AND ended_at > ?))
        ORDER BY id DESC LIMIT 1)sql");
    if (find_row(open, scope, name, to_unix(now_ - policy_.quiet))) {
        if (open.getColumn(1).getInt() != 0) return; // a person has looked at it
        const std::int64_t id = open.getColumn(0).getInt64();
        active_[{scope, name}] = id;
        SQLite::Statement seen(db_, "UPDATE troubles SET last_seen = ?, what = ? WHERE id = ?");
        run(seen, to_unix(now_), what, id);
        return;
    }
    SQLite::Statement add(db_, "INSERT INTO troubles (scope, name, since, last_seen, what) VALUES (?, ?, ?, ?, ?)");
    run(add, scope, name, to_unix(now_), to_unix(now_), what);
    active_[{scope, name}] = db_.getLastInsertRowid();
    news_ = true;
    events.add(sender_event("alert", scope, name, what, now_,
                            {{"remedy", "verdicts that would suppress are held: see `nixie held list`"}}),
               0);
}

std::int64_t TroubleWatch::holds(const Counted& bounce) const {
    if (active_.empty() || !is_recent(bounce)) return 0;
    for (const auto& [key, id] : active_) {
        const auto& [scope, name] = key;
        const bool all = scope == scope_reason;
        const bool same =
            (scope == scope_provider && name == bounce.provider) || (scope == scope_mailing && name == bounce.campaign);
        if (all || same) return id;
    }
    return 0;
}

void check_mailing_rate(SQLite::Database& db, Tallies& tallies, const std::string& name, const SenderPolicy& policy,
                        Time now, EventQueue& events) {
    const CampaignTally campaign = tallies.campaign(name);
    const RateLevel level = rate_level(campaign.tally, policy);
    const bool warn = level >= RateLevel::warning && !campaign.warned;
    const bool pause = level == RateLevel::alarm && !campaign.paused;
    if (!warn && !pause) return;
    SQLite::Statement note(db, R"sql(
        UPDATE campaigns SET warned_at = coalesce(warned_at, ?1), paused_at = iif(?2, ?1, paused_at) WHERE id = ?3)sql");
    run(note, to_unix(now), pause ? 1 : 0, campaign.id);
    const nlohmann::ordered_json counts{
        {"campaign", name}, {"sent", campaign.tally.sent}, {"bounced", campaign.tally.bounced()}};
    const std::string what =
        fmt::format("{} of {} messages of the mailing {} bounced", campaign.tally.bounced(), campaign.tally.sent, name);
    if (pause)
        events.add(sender_event("pause", scope_mailing, name, what, now, counts), 0);
    else
        events.add(sender_event("alert", scope_mailing, name, what, now, counts), 0);
}

} // namespace nixie

// Counts of what bounced: by mailing, domain, provider and reason, and over time.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "nixie/sender.hpp"
#include "store/store.hpp"

namespace nixie {

/// One recipient's bounce, as it is counted.
struct Counted {
    BounceType type = BounceType::soft;
    Reason reason = Reason::undefined;
    std::string domain, provider, campaign;
    std::int64_t recipient = 0; ///< 0: none
    Time arrived{};
    Time last_bounce{}; ///< arrival of the recipient's newest report before
};

/// Scopes of what is counted over time.
inline constexpr const char* scope_all = "all";
inline constexpr const char* scope_reason = "reason";
inline constexpr const char* scope_provider = "provider";

/// A mailing's counts, and what was said of them.
struct CampaignTally {
    std::int64_t id = 0; ///< 0: nothing is known of it
    Time since{};        ///< first bounce, or when it was told of
    Tally tally;
    bool warned = false, paused = false;
};

/// In four columns: sent, hard, soft, blocked.
Tally tally_in(const SQLite::Statement& row, int first);

/// Of each domain, by name: its provider, and what bounced or was sent on days that begin from `since` to before `until`. Throws
/// SQLite::Exception.
void each_domain(SQLite::Database& db, Time since, Time until,
                 const std::function<void(const std::string& provider, const std::string& domain, const Tally&)>& tell);

/// Counts inside the caller's transaction; what was counted is in the journal after flush(). Throws SQLite::Exception.
class Tallies {
  public:
    explicit Tallies(SQLite::Database& db);

    /// A recipient counts once for each mailing, however often and between what others a message of it bounced; but a report that
    /// retention has removed, or that is not among the recipient's newest hundred, is forgotten.
    void count(const Counted& bounce);
    /// Adds to what was sent in all, and to each domain.
    void count_sent(const SentCounts& counts, Time at);
    void flush();

    /// What the journal has of it from `since` to before `until`; hours count by their beginning.
    Tally between(const std::string& scope, const std::string& name, Time since, Time until);
    CampaignTally campaign(const std::string& name);
    /// Adds to a mailing, which is made if it is new.
    void add_to_campaign(const std::string& name, const Tally& more, Time at);

  private:
    bool was_counted(const CampaignTally& campaign, const Counted& bounce);
    const CampaignTally& begun(const std::string& name, Time at);
    Tally& pending(const char* scope, const std::string& name, Time at);
    Tally& pending_of_domain(const std::string& domain, Time at);

    SQLite::Statement add_, sum_, add_to_domain_, set_provider_, counted_, set_counted_, bounced_before_,
        find_campaign_, add_campaign_;
    std::map<std::tuple<std::string, std::string, std::int64_t>, Tally> pending_; ///< by scope, name, hour
    std::map<std::pair<std::int64_t, std::string>, Tally> pending_domains_;       ///< by day and name
    std::map<std::string, std::string> providers_;                                ///< of domains that others serve
    std::map<std::string, Tally> pending_campaigns_;
    std::set<std::pair<std::int64_t, std::int64_t>>
        counted_now_;                            ///< mailing and recipient, whose reports are not recorded yet
    std::map<std::string, CampaignTally> begun_; ///< mailings as they were when first needed
};

} // namespace nixie

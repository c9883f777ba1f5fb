// Whether the sender itself seems to be in trouble, while messages are recorded.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "nixie/sender.hpp"
#include "store/events.hpp"
#include "store/tallies.hpp"
#include "store/texts.hpp"

namespace nixie {

/// Looks at bounces that are about to be decided on, inside the caller's transaction. Throws SQLite::Exception.
class TroubleWatch {
  public:
    TroubleWatch(SQLite::Database& db, const SenderPolicy& policy, Time now) : db_(db), policy_(policy), now_(now) {}

    /// To be told of each bounce before look().
    void expect(const Counted& bounce);
    /// Finds what is suspicious once those are counted (Tallies::flush() was called), raises an alert for what is new, and
    /// warns of mailings whose rate is too high.
    void look(Tallies& tallies, EventQueue& events);
    /// Whether look() found something that was not known before, since this was asked last.
    bool take_news() { return std::exchange(news_, false); }
    [[nodiscard]] Time since() const { return now_ - policy_.window; }
    /// The trouble that holds the verdict on a bounce, 0 for none. Only what arrived in the window is held.
    [[nodiscard]] std::int64_t holds(const Counted& bounce) const;

  private:
    [[nodiscard]] bool is_recent(const Counted& bounce) const { return bounce.arrived > since(); }
    /// `what` is empty where nothing is suspicious.
    void raise(const std::string& scope, const std::string& name, const std::string& what, EventQueue& events);
    void expect_what_lasts();
    void look_at_mailings(Tallies& tallies, EventQueue& events);

    SQLite::Database& db_;
    const SenderPolicy& policy_;
    Time now_;
    bool news_ = false;
    std::set<Reason> reasons_;
    std::set<std::string> providers_, campaigns_;
    std::map<std::pair<std::string, std::string>, std::int64_t> active_; ///< by scope and name
};

/// What suppressed since TroubleWatch::since() is held too: the trouble began before anybody could notice. Whom that concerned.
std::set<std::int64_t> hold_earlier(SQLite::Database& db, const TroubleWatch& troubles, const RetryPolicies& policies,
                                    Time now, EventQueue& events, Texts& texts);

/// Warns once of a mailing whose rate is high, and asks once to pause it where it is too high.
void check_mailing_rate(SQLite::Database& db, Tallies& tallies, const std::string& name, const SenderPolicy& policy,
                        Time now, EventQueue& events);

} // namespace nixie

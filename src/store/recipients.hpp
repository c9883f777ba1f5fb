// The rows of recipients, and of the windows and suppressions that follow from their state.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string>

#include "nixie/decision.hpp"

namespace nixie {

/// A History, read from the columns `state, window, due_at, last_bounce, soft_bounces, hard_bounces, blocked_bounces`, of
/// which the first is column `first`.
History history_in(const SQLite::Statement& row, int first);

struct RecipientRow {
    std::int64_t id = 0;
    std::string address; ///< as the first report gave it
    History history;
    bool has_bounce = false; ///< of kind bounce; newest_arrived is meaningful
    Time newest_arrived{};
};

/// Reads and writes recipients inside the caller's transaction. Throws SQLite::Exception.
class Recipients {
  public:
    explicit Recipients(SQLite::Database& db);

    /// The row of `address`, made if it is new.
    RecipientRow take(const std::string& address);
    /// That of an id that is there.
    RecipientRow row(std::int64_t id);
    /// Lets go what refers to bounces: the newest soft one, and the suppression. To be followed by reset().
    void release(std::int64_t id);
    /// As if nothing had ever been reported: state, windows, suppression.
    void reset(const RecipientRow& row);
    /// Makes `bounce` the newest of its recipient.
    void set_newest_soft_bounce(const RecipientRow& row, std::int64_t bounce);
    /// Stores the history after a decision that `bounce`, arrived at `arrived`, led to, and what its change of state means.
    void apply(const RecipientRow& before, const Decision& decision, std::int64_t bounce, Time arrived);

  private:
    void set(std::int64_t id, const History& history);
    void update_retries(const RecipientRow& before, const History& after, Time arrived);

    SQLite::Database& db_;
    SQLite::Statement insert_, select_, set_newest_, update_;
    SQLite::Statement open_retry_, close_retry_, suppress_, unsuppress_;
};

} // namespace nixie

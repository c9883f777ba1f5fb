// The rows of recipients, and of the windows and suppressions that follow from their state.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/decision.hpp"

namespace nixie {

/// The columns that history_in() reads, of the table `recipients AS r`.
inline const std::string history_columns =
    "r.state, r.window, r.due_at, r.last_bounce, r.soft_bounces, r.hard_bounces, r.blocked_bounces, r.last_success, "
    "r.complaints, r.ground, r.strikes";

/// Those columns, of which the first is column `first`.
History history_in(const SQLite::Statement& row, int first);

/// As the column `strikes` holds them.
std::string strikes_text(const std::vector<Strike>& strikes);

struct RecipientRow {
    std::int64_t id = 0;
    std::string address; ///< as the first report gave it
    History history;
    std::int64_t newest_soft_bounce = 0; ///< row of bounce_rows; 0: none
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
    /// The row of `address`, if there is one.
    std::optional<RecipientRow> find(const std::string& address);
    /// Whether a soft bounce that arrived then would be the recipient's newest.
    bool would_be_newest(const RecipientRow& row, Time arrived);
    /// Makes `bounce` the newest of its recipient.
    void set_newest_soft_bounce(const RecipientRow& row, std::int64_t bounce);
    /// Stores the history after a decision that `bounce`, arrived at `arrived`, led to, and what its change of state means.
    /// `bounce` 0: none, but a command or time.
    void apply(const RecipientRow& before, const Decision& decision, std::int64_t bounce, Time arrived);
    /// Of the messages that may have to be sent again to the recipient, keeps only the one that the newest soft bounce returned,
    /// and that only while it waits.
    void drop_originals(std::int64_t id);
    /// Notes what was done to a recipient other than by a report.
    void note(const RecipientRow& row, Time at, std::string_view command, std::string_view cause);
    /// The same in the place of an earlier note of the same words, which says nothing more.
    void note_newest(const RecipientRow& row, Time at, std::string_view command, std::string_view cause);

  private:
    enum class Waits { as_before, anew /**< and is to be told of anew when it becomes due */ };
    void set(std::int64_t id, const History& history, Waits waits);
    void update_retries(const RecipientRow& before, const History& after, Time arrived);
    void update_suppression(const RecipientRow& before, const Decision& decision, std::int64_t bounce, Time arrived);

    SQLite::Database& db_;
    SQLite::Statement insert_, select_, set_newest_, update_;
    SQLite::Statement open_retry_, close_retry_, suppress_, unsuppress_, note_, renew_note_, drop_originals_, later_;
};

} // namespace nixie

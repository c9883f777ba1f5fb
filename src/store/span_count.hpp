// Counts the bounces of a span of time, and of the one before it, in one pass.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "store/summary.hpp"

namespace nixie {

/// Of what is counted.
struct Span {
    std::int64_t before, since, until; ///< unix seconds
    std::string mailbox;               ///< empty: all
};

/// A condition on message_rows AS m: ?1 is the beginning, ?3 the mailbox. Finds by an index what may have arrived since then: it was
/// recorded later, unless the server's clock was ahead, by a day at most.
inline constexpr const char* in_span =
    "m.duplicate_of IS NULL AND m.recorded_at >= ?1 - 86400"
    " AND (?3 = '' OR m.inbox IN (SELECT id FROM inboxes WHERE mailbox = ?3))";

/// Counts by name.
class NameCounts {
  public:
    void add(const std::string& name, BounceType type, bool is_before);
    /// The most frequent first.
    [[nodiscard]] std::vector<GroupCount> most(std::size_t most) const;
    [[nodiscard]] std::vector<GroupCount> by_name() const;

  private:
    std::unordered_map<std::string, std::pair<TypeCounts, std::int64_t>> counts_; ///< in the span, and before it
};

/// Looks at each row once. Throws SQLite::Exception.
class SpanCount {
  public:
    SpanCount(SQLite::Database& db, const Span& span);

    /// All that is counted of bounces; all reasons, and at most `most` of the other groups.
    void tell(Summary& summary, std::size_t most) const;

  private:
    struct Totals {
        TypeCounts bounces;
        std::unordered_set<std::int64_t> recipients;
        std::int64_t complaints = 0;
        void tell(SpanTotals& totals) const;
    };
    void add(const SQLite::Statement& row, std::int64_t since);
    void add_bounce(const SQLite::Statement& row, std::int64_t arrived, bool is_before);
    /// In words; the same few come again and again.
    std::string text(const SQLite::Column& coded);
    const std::string& provider(const std::string& address, const std::string& host, const std::string& reporting);

    SQLite::Statement text_;
    std::unordered_map<std::int64_t, std::string> texts_;
    std::unordered_map<std::string, std::string> providers_;
    Totals now_, before_;
    NameCounts days_, categories_, reasons_, providers_counts_, domains_, hosts_, mailings_;
};

} // namespace nixie

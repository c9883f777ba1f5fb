// Counts that only ever grow, whatever leaves the journal.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"
#include "store/figures.hpp"

namespace nixie {

/// Gathers inside the caller's transaction what flush() then adds.
class Counters {
  public:
    explicit Counters(SQLite::Database& db);

    void message(const std::string& mailbox, Kind kind);
    void bounce(const std::string& mailbox, BounceType type, Category category);
    void error(const std::string& mailbox, ErrorCode code);
    /// A message was filed so long after it arrived; a server's clock may be ahead.
    void latency(const std::string& mailbox, Duration time);
    void flush();

  private:
    using Key = std::tuple<const char*, std::string, std::string>;

    std::map<Key, std::int64_t> pending_;
    SQLite::Statement add_;
};

} // namespace nixie

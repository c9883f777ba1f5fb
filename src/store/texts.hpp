// The dictionary of the journal: texts that many rows hold are kept once.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "store/columns.hpp"

namespace nixie {

/// What reports say takes no more of the dictionary; then it stays in its row.
inline constexpr std::int64_t most_texts = 250'000;

/// Which texts were seen with one recipient so far. Bounded; what it forgets is seen anew.
class Sightings {
  public:
    /// Whether another recipient than `whose` had it before.
    bool is_shared(std::string_view text, std::string_view whose);

  private:
    std::unordered_map<std::size_t, std::size_t> first_; ///< hashes of text and recipient
};

/// Finds and adds texts inside the caller's transaction, no longer than which it lasts. Throws SQLite::Exception.
class Texts {
  public:
    Texts(SQLite::Database& db, Sightings& sightings);

    /// One of few: of ours, or of the configuration.
    std::int64_t word(std::string_view text);
    /// Of a report: a number once a second recipient has it, so that what is said of one alone goes when its row goes.
    Coded text(std::string_view text, std::string_view whose);
    /// The same of a text that may name the recipient, which the views put back.
    Coded text_about(std::string_view text, std::string_view address);

  private:
    /// 0: it is not there; '' is 0 too.
    std::int64_t find(const std::string& text);
    std::int64_t add(const std::string& text, std::int64_t most);

    Sightings& sightings_;
    std::unordered_map<std::string, std::int64_t> known_;
    SQLite::Statement find_, add_;
};

} // namespace nixie

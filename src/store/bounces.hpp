// The rows of bounces: what one message says of each recipient.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string_view>

#include "nixie/decision.hpp"
#include "store/store.hpp"
#include "store/texts.hpp"

namespace nixie {

/// Whether messages of that kind say something of a recipient's address.
bool concerns_recipients(Kind kind);

/// RFC 3464 section 2.3.3: one report may name recipients that failed beside others that were, or may still be, reached.
Kind kind_of_part(Kind message, std::string_view action);

/// What a row is for the history of its recipient.
enum class Standing {
    counts,
    set_aside, ///< shown only: by a person's answer, or by newer rules, the message is of another kind
};

/// Adds rows inside the caller's transaction. Throws SQLite::Exception.
class BounceRows {
  public:
    BounceRows(SQLite::Database& db, Texts& texts);

    /// `recipient` 0: the report names no address. Answers the row's id. The original is kept where it may have to be sent again.
    std::int64_t add(std::int64_t message, std::int64_t recipient, Kind kind, Time arrived, const BounceRecord& bounce,
                     const Decision& decision, Standing standing = Standing::counts);

  private:
    SQLite::Database& db_;
    Texts& texts_;
    SQLite::Statement insert_, keep_;
};

} // namespace nixie

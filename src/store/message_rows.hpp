// The rows of messages: which are known, and what is written of them.
#pragma once

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <optional>
#include <string>

#include "store/store.hpp"
#include "store/texts.hpp"

namespace nixie {

/// Works inside the caller's transaction. Throws SQLite::Exception.
class MessageRows {
  public:
    MessageRows(SQLite::Database& db, Texts& texts);

    /// What is there under the message's own key.
    struct Own {
        std::int64_t id = 0;    ///< 0: nothing was recorded
        std::int64_t first = 0; ///< of the equal ones
        std::string sha256, folder;
        bool is_done = false;  ///< not planned again since
        bool was_read = false; ///< and so counted
    };
    Own own(const MessageKey& key);
    /// The row of another one in its mailbox, which was counted; 0: there is none.
    std::int64_t same_content(const MessageRecord& message);
    /// One that was sent again with other outer headers.
    std::int64_t same_report(const MessageRecord& message);
    /// Where a person put it.
    std::optional<std::string> corrected_folder(std::int64_t id);

    /// Its row; `duplicate_of` is 0 for what is new.
    std::int64_t store(const MessageRecord& message, const std::string& folder, std::int64_t duplicate_of, Time now);
    /// One that was put back into the inbox under its old uid.
    void store_again(std::int64_t id, const std::string& folder, const std::string& failure, Time now);

  private:
    /// Messages of one mostly follow each other.
    std::int64_t inbox_of(const MessageKey& key);

    SQLite::Database& db_;
    Texts& texts_;
    struct Inbox {
        std::string mailbox, validity;
        std::int64_t row = 0;
    };
    Inbox inbox_; ///< of the last message
    SQLite::Statement own_, same_content_, same_report_, corrected_, upsert_, row_;
};

} // namespace nixie

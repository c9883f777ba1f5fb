// Values as the tables hold them, in less space than their texts.
#pragma once

#include <SQLiteCpp/Statement.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace nixie {

/// A number from `texts`, or the text itself.
using Coded = std::variant<std::int64_t, std::string>;

/// A uid: a number where it is written as one.
struct Uid {
    std::string_view text;
};

/// A digest in hexadecimal: a blob.
struct Digest {
    std::string_view hex;
};

template <class Value>
void bind_value(SQLite::Statement& statement, int index, const Value& value) {
    statement.bind(index, value);
}
void bind_value(SQLite::Statement& statement, int index, const Coded& value);
void bind_value(SQLite::Statement& statement, int index, Uid uid);
void bind_value(SQLite::Statement& statement, int index, Digest digest);

/// The bytes that hexadecimal stands for; empty if it is none.
std::string bytes_of(std::string_view hex);

/// The row of the message with this mailbox, validity and uid.
inline constexpr const char* row_of_key =
    "(SELECT id FROM message_rows WHERE inbox = (SELECT id FROM inboxes WHERE mailbox = ? AND validity = ?) AND uid = "
    "?)";

/// The message of a mailbox with that content. What was quarantined was not counted, and is none.
inline constexpr const char* select_by_content = R"sql(
    SELECT id FROM message_rows INDEXED BY messages_by_content
    WHERE +sha256 = ?2 AND substr(sha256, 1, 5) = substr(?2, 1, 5)
      AND EXISTS (SELECT 1 FROM inboxes WHERE inboxes.id = inbox AND mailbox = ?1)
      AND sha256 <> '' AND (failure = '' OR quarantined_at IS NULL) AND duplicate_of IS NULL)sql";

/// The same report, whatever its outer header.
inline constexpr const char* select_by_report = R"sql(
    SELECT id FROM message_rows INDEXED BY messages_by_report
    WHERE +report_digest = ?2 AND substr(report_digest, 1, 5) = substr(?2, 1, 5)
      AND EXISTS (SELECT 1 FROM inboxes WHERE inboxes.id = inbox AND mailbox = ?1) AND report_digest <> ''
      AND (failure = '' OR quarantined_at IS NULL) AND duplicate_of IS NULL)sql";

} // namespace nixie

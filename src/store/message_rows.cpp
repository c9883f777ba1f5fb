#include "store/message_rows.hpp"

#include "base/text.hpp"
#include "store/store_impl.hpp"

namespace nixie {

MessageRows::MessageRows(SQLite::Database& db, Texts& texts)
    : db_(db),
      texts_(texts),
      own_(db, std::string(R"sql(
          SELECT id, coalesce(duplicate_of, id), sha256, folder, stage <> 'planned', failure = '' OR quarantined_at IS NULL
          FROM messages WHERE recorded_at IS NOT NULL AND id = )sql") +
                   row_of_key),
      // What was quarantined was not counted: if it can be read this time, it counts.
      same_content_(db, select_by_content),
      same_report_(db, select_by_report),
      corrected_(db, R"sql(
          SELECT m.folder FROM corrections AS c JOIN messages AS m ON m.id = c.message
          WHERE c.message = ? AND c.withdrawn_at IS NULL)sql"),
      upsert_(db, R"sql(
          INSERT INTO message_rows (inbox, uid, stage, sha256, size, arrived, kind, folder, format, reporting_mta,
                                    feedback_type, original_message_id, original_envelope_id, original_subject, campaign, failure,
                                    duplicate_of, recorded_at, cut_at, quarantined_at, report_digest)
          VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, nullif(?, -1), nullif(?, -1), ?)
          ON CONFLICT (inbox, uid) DO UPDATE SET
              stage = 1, sha256 = excluded.sha256, size = excluded.size, arrived = excluded.arrived,
              kind = excluded.kind, folder = excluded.folder, format = excluded.format,
              reporting_mta = excluded.reporting_mta, feedback_type = excluded.feedback_type,
              original_message_id = excluded.original_message_id,
              original_envelope_id = excluded.original_envelope_id, original_subject = excluded.original_subject,
              campaign = excluded.campaign, failure = excluded.failure, duplicate_of = excluded.duplicate_of,
              recorded_at = excluded.recorded_at, cut_at = excluded.cut_at, quarantined_at = excluded.quarantined_at,
              report_digest = excluded.report_digest)sql"),
      row_(db, "SELECT id FROM message_rows WHERE inbox = ? AND uid = ?") {}

MessageRows::Own MessageRows::own(const MessageKey& key) {
    if (!find_row(own_, key.mailbox, key.validity, Uid{key.uid})) return {};
    return {own_.getColumn(0).getInt64(),  own_.getColumn(1).getInt64(),    own_.getColumn(2).getString(),
            own_.getColumn(3).getString(), own_.getColumn(4).getInt() != 0, own_.getColumn(5).getInt() != 0};
}

std::int64_t MessageRows::same_content(const MessageRecord& message) {
    return find_row(same_content_, message.key.mailbox, Digest{message.sha256}) ? same_content_.getColumn(0).getInt64()
                                                                                : 0;
}

std::int64_t MessageRows::same_report(const MessageRecord& message) {
    if (message.report_digest.empty()) return 0;
    return find_row(same_report_, message.key.mailbox, Digest{message.report_digest})
               ? same_report_.getColumn(0).getInt64()
               : 0;
}

std::optional<std::string> MessageRows::corrected_folder(std::int64_t id) {
    if (!find_row(corrected_, id)) return std::nullopt;
    return corrected_.getColumn(0).getString();
}

std::int64_t MessageRows::inbox_of(const MessageKey& key) {
    if (inbox_.row == 0 || inbox_.mailbox != key.mailbox || inbox_.validity != key.validity)
        inbox_ = {key.mailbox, key.validity, inbox_row(db_, key.mailbox, key.validity)};
    return inbox_.row;
}

void MessageRows::store_again(std::int64_t id, const std::string& folder, const std::string& failure, Time now) {
    SQLite::Statement update(db_, R"sql(
        UPDATE message_rows SET stage = 1, folder = ?, failure = '', filing_failure = ?, quarantined_at = nullif(?, -1)
        WHERE id = ?)sql");
    run(update, texts_.word(folder), failure, failure.empty() ? std::int64_t{-1} : to_unix(now), id);
}

std::int64_t MessageRows::store(const MessageRecord& message, const std::string& folder, std::int64_t duplicate_of,
                                Time now) {
    const std::string whose = message.bounces.empty() ? "" : to_lower(message.bounces.front().address);
    const auto inbox = inbox_of(message.key);
    run(upsert_, inbox, Uid{message.key.uid}, Digest{message.sha256}, static_cast<std::int64_t>(message.size),
        to_unix(message.arrived), texts_.word(name(message.kind)), texts_.word(folder), texts_.word(message.format),
        texts_.text(message.reporting_mta, whose), texts_.text(message.feedback_type, whose),
        message.original_message_id, message.original_envelope_id, texts_.text(message.original_subject, whose),
        texts_.text(message.campaign, whose), message.failure, duplicate_of, to_unix(now),
        message.cut_at ? static_cast<std::int64_t>(*message.cut_at) : std::int64_t{-1},
        message.failure.empty() ? std::int64_t{-1} : to_unix(now), Digest{message.report_digest});
    const bool stored = find_row(row_, inbox, Uid{message.key.uid});
    assert(stored);
    static_cast<void>(stored);
    return row_.getColumn(0).getInt64();
}

} // namespace nixie

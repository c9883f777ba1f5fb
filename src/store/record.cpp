// Recording a message: its facts, the decision on each recipient, and the events that follow.
#include <set>

#include "base/text.hpp"
#include "store/bounces.hpp"
#include "store/events.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"
#include "store/verdicts.hpp"

namespace nixie {
namespace {

/// Records messages inside the caller's transaction.
class Recorder {
  public:
    Recorder(SQLite::Database& db, const RetryPolicy& policy, Time now, Events events);

    /// Answers the folder.
    std::string record(const MessageRecord& message);

  private:
    /// What is there under the message's own key.
    struct Own {
        std::int64_t id = 0;    ///< 0: nothing was recorded
        std::int64_t first = 0; ///< of the equal ones
        std::string sha256, folder;
        bool is_done = false;  ///< not planned again since
        bool was_read = false; ///< and so counted
    };
    Own own_row(const MessageKey& key);
    std::int64_t same_content(const MessageRecord& message);
    /// Of a message that is known by its content: it is not counted again, but may have another verdict now.
    std::string judge_again(const MessageRecord& message, std::int64_t first);
    void store_again(const Own& own, const std::string& folder, const std::string& failure);
    std::int64_t store(const MessageRecord& message, const std::string& folder, std::int64_t duplicate_of);
    void judge(const MessageRecord& message, std::int64_t message_id, const BounceRecord& bounce);

    SQLite::Database& db_;
    const RetryPolicy& policy_;
    Time now_;
    Events events_;
    Recipients recipients_;
    BounceRows rows_;
    Verdicts verdicts_;
    SQLite::Statement own_, same_content_, upsert_, add_event_;
};

Recorder::Recorder(SQLite::Database& db, const RetryPolicy& policy, Time now, Events events)
    : db_(db),
      policy_(policy),
      now_(now),
      events_(events),
      recipients_(db),
      rows_(db),
      verdicts_(db, policy, now, events),
      own_(db, R"sql(
          SELECT id, coalesce(duplicate_of, id), sha256, folder, stage <> 'planned', failure = '' OR quarantined_at IS NULL
          FROM messages WHERE mailbox = ? AND validity = ? AND uid = ? AND recorded_at IS NOT NULL)sql"),
      // What was quarantined was not counted: if it can be read this time, it counts.
      same_content_(db, R"sql(
          SELECT id FROM messages
          WHERE mailbox = ? AND sha256 = ? AND sha256 <> '' AND (failure = '' OR quarantined_at IS NULL) AND duplicate_of IS NULL)sql"),
      upsert_(db, R"sql(
          INSERT INTO messages (mailbox, validity, uid, stage, sha256, size, arrived, kind, folder, format, reporting_mta,
                                feedback_type, original_message_id, original_subject, campaign, failure, duplicate_of,
                                recorded_at, cut_at, quarantined_at)
          VALUES (?, ?, ?, 'stored', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0), ?, nullif(?, -1), nullif(?, -1))
          ON CONFLICT (mailbox, validity, uid) DO UPDATE SET
              stage = 'stored', sha256 = excluded.sha256, size = excluded.size, arrived = excluded.arrived,
              kind = excluded.kind, folder = excluded.folder, format = excluded.format,
              reporting_mta = excluded.reporting_mta, feedback_type = excluded.feedback_type,
              original_message_id = excluded.original_message_id, original_subject = excluded.original_subject,
              campaign = excluded.campaign, failure = excluded.failure, duplicate_of = excluded.duplicate_of,
              recorded_at = excluded.recorded_at, cut_at = excluded.cut_at, quarantined_at = excluded.quarantined_at
          RETURNING id)sql"),
      add_event_(db, R"sql(
          INSERT INTO outbox (key, recipient, type, body, ready_at) VALUES (?, nullif(?, 0), ?, ?, ?)
          ON CONFLICT (key) DO NOTHING)sql") {}

std::string Recorder::record(const MessageRecord& message) {
    assert((message.failure.empty() || message.bounces.empty()) && "what could not be read says nothing of anyone");
    const Own own = own_row(message.key);
    if (own.is_done) return own.folder;
    if (own.was_read && !message.failure.empty()) { // what it said when it could be read still holds
        store_again(own, message.folder, message.failure);
        return message.folder;
    }
    if (own.was_read && own.sha256 == message.sha256) {
        const std::string folder = judge_again(message, own.first);
        store_again(own, folder, "");
        return folder;
    }
    if (const std::int64_t first = same_content(message); first != 0) {
        const std::string folder = judge_again(message, first);
        store(message, folder, first);
        return folder;
    }
    const std::int64_t id = store(message, message.folder, 0);
    if (!concerns_recipients(message.kind)) return message.folder;
    std::set<std::string> seen;
    for (const auto& bounce : message.bounces)
        if (seen.insert(to_lower(bounce.address)).second) judge(message, id, bounce);
    return message.folder;
}

Recorder::Own Recorder::own_row(const MessageKey& key) {
    if (!find_row(own_, key.mailbox, key.validity, key.uid)) return {};
    return {own_.getColumn(0).getInt64(),  own_.getColumn(1).getInt64(),    own_.getColumn(2).getString(),
            own_.getColumn(3).getString(), own_.getColumn(4).getInt() != 0, own_.getColumn(5).getInt() != 0};
}

std::int64_t Recorder::same_content(const MessageRecord& message) {
    return find_row(same_content_, message.key.mailbox, message.sha256) ? same_content_.getColumn(0).getInt64() : 0;
}

std::string Recorder::judge_again(const MessageRecord& message, std::int64_t first) {
    SQLite::Statement corrected(db_, R"sql(
        SELECT m.folder FROM corrections AS c JOIN messages AS m ON m.id = c.message
        WHERE c.message = ? AND c.withdrawn_at IS NULL)sql");
    if (find_row(corrected, first)) return corrected.getColumn(0).getString();
    verdicts_.replace(first, message);
    return message.folder;
}

void Recorder::store_again(const Own& own, const std::string& folder, const std::string& failure) {
    SQLite::Statement update(db_, R"sql(
        UPDATE messages SET stage = 'stored', folder = ?, failure = '', filing_failure = ?, quarantined_at = nullif(?, -1)
        WHERE id = ?)sql");
    run(update, folder, failure, failure.empty() ? std::int64_t{-1} : to_unix(now_), own.id);
}

std::int64_t Recorder::store(const MessageRecord& message, const std::string& folder, std::int64_t duplicate_of) {
    find_row(upsert_, message.key.mailbox, message.key.validity, message.key.uid, message.sha256,
             static_cast<std::int64_t>(message.size), to_unix(message.arrived), std::string(name(message.kind)), folder,
             message.format, message.reporting_mta, message.feedback_type, message.original_message_id,
             message.original_subject, message.campaign, message.failure, duplicate_of, to_unix(now_),
             message.cut_at ? static_cast<std::int64_t>(*message.cut_at) : std::int64_t{-1},
             message.failure.empty() ? std::int64_t{-1} : to_unix(now_));
    return upsert_.getColumn(0).getInt64();
}

void Recorder::judge(const MessageRecord& message, std::int64_t message_id, const BounceRecord& bounce) {
    const Kind kind = kind_of_part(message.kind, bounce.action);
    RecipientRow recipient;
    Decision decision{Action::none, "the report names no address", {}};
    const bool named = !bounce.address.empty();
    if (named) {
        recipient = recipients_.take(bounce.address);
        decision = decide({kind, bounce.type, message.arrived}, recipient.history, policy_, now_);
    }
    const auto bounce_id = rows_.add(message_id, recipient.id, kind, message.arrived, bounce, decision);
    if (named) {
        recipients_.apply(recipient, decision, bounce_id, message.arrived);
        const bool newest = !recipient.has_bounce || message.arrived >= recipient.newest_arrived;
        if (kind == Kind::bounce && bounce.type == BounceType::soft && newest)
            recipients_.set_newest_soft_bounce(recipient, bounce_id);
    }
    if (events_ == Events::drop) return;
    for (const auto& event : events_of(message, bounce, kind, recipient.history.state, decision))
        run(add_event_, event.key, recipient.id, event.type, event.body, to_unix(now_));
}

} // namespace

Result<std::vector<std::string>> Store::record(std::span<const MessageRecord> messages, const RetryPolicy& policy,
                                               Time now, Events events) {
    return impl_->write([&](SQLite::Database& db) {
        Recorder recorder(db, policy, now, events);
        std::vector<std::string> folders;
        folders.reserve(messages.size());
        for (const auto& message : messages) folders.push_back(recorder.record(message));
        return folders;
    });
}

} // namespace nixie

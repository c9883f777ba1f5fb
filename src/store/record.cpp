// Recording a message: its facts, the decision on each recipient, and the events that follow.
#include <set>

#include "base/text.hpp"
#include "store/events.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"

namespace nixie {
namespace {

/// Whether messages of that kind say something of a recipient's address.
bool concerns_recipients(Kind kind) {
    return kind == Kind::bounce || kind == Kind::delayed || kind == Kind::delivered || kind == Kind::complaint;
}

/// RFC 3464 section 2.3.3: one report may name recipients that failed beside others that were, or may still be, reached.
Kind kind_of_part(Kind message, std::string_view action) {
    if (message != Kind::bounce) return message;
    if (equals_ignoring_case(action, "delayed")) return Kind::delayed;
    for (const std::string_view reached : {"delivered", "relayed", "expanded"})
        if (equals_ignoring_case(action, reached)) return Kind::delivered;
    return Kind::bounce;
}

/// Records messages inside the caller's transaction.
class Recorder {
  public:
    Recorder(SQLite::Database& db, const RetryPolicy& policy, Time now, Events events);

    /// Answers the folder.
    std::string record(const MessageRecord& message);

  private:
    struct Earlier {
        std::int64_t id = 0; ///< 0: none
        std::string folder;
    };

    Earlier same_content(const MessageRecord& message);
    std::int64_t store(const MessageRecord& message, const Earlier& earlier);
    void judge(const MessageRecord& message, std::int64_t message_id, const BounceRecord& bounce);
    std::int64_t add_bounce(const MessageRecord& message, std::int64_t message_id, std::int64_t recipient,
                            const BounceRecord& bounce, Kind kind, const Decision& decision);

    SQLite::Database& db_;
    const RetryPolicy& policy_;
    Time now_;
    Events events_;
    Recipients recipients_;
    SQLite::Statement known_, same_content_, upsert_, add_bounce_, add_event_;
};

Recorder::Recorder(SQLite::Database& db, const RetryPolicy& policy, Time now, Events events)
    : db_(db),
      policy_(policy),
      now_(now),
      events_(events),
      recipients_(db),
      known_(db, R"sql(
          SELECT folder FROM messages
          WHERE mailbox = ? AND validity = ? AND uid = ? AND stage <> 'planned')sql"),
      // What was quarantined was not counted: if it can be read this time, it counts.
      same_content_(db, R"sql(
          SELECT id, folder FROM messages
          WHERE mailbox = ? AND sha256 = ? AND sha256 <> '' AND failure = '' AND duplicate_of IS NULL)sql"),
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
      add_bounce_(db, R"sql(
          INSERT INTO bounces (message, recipient, kind, arrived, address, reason, category, type, status, smtp_code, action,
                               diagnostic, remote_mta, rule, matched, decision, cause)
          VALUES (?, nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?))sql"),
      add_event_(db, R"sql(
          INSERT INTO outbox (key, recipient, type, body, ready_at) VALUES (?, nullif(?, 0), ?, ?, ?)
          ON CONFLICT (key) DO NOTHING)sql") {}

std::string Recorder::record(const MessageRecord& message) {
    assert((message.failure.empty() || message.bounces.empty()) && "what could not be read says nothing of anyone");
    const auto& key = message.key;
    if (find_row(known_, key.mailbox, key.validity, key.uid)) return known_.getColumn(0).getString();

    const Earlier earlier = same_content(message);
    const std::int64_t id = store(message, earlier);
    if (earlier.id != 0) return earlier.folder;
    if (!concerns_recipients(message.kind)) return message.folder;
    std::set<std::string> seen;
    for (const auto& bounce : message.bounces)
        if (seen.insert(to_lower(bounce.address)).second) judge(message, id, bounce);
    return message.folder;
}

Recorder::Earlier Recorder::same_content(const MessageRecord& message) {
    if (!find_row(same_content_, message.key.mailbox, message.sha256)) return {};
    return {same_content_.getColumn(0).getInt64(), same_content_.getColumn(1).getString()};
}

std::int64_t Recorder::store(const MessageRecord& message, const Earlier& earlier) {
    find_row(upsert_, message.key.mailbox, message.key.validity, message.key.uid, message.sha256,
             static_cast<std::int64_t>(message.size), to_unix(message.arrived), std::string(name(message.kind)),
             earlier.id != 0 ? earlier.folder : message.folder, message.format, message.reporting_mta,
             message.feedback_type, message.original_message_id, message.original_subject, message.campaign,
             message.failure, earlier.id, to_unix(now_),
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
    const auto bounce_id = add_bounce(message, message_id, recipient.id, bounce, kind, decision);
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

std::int64_t Recorder::add_bounce(const MessageRecord& message, std::int64_t message_id, std::int64_t recipient,
                                  const BounceRecord& bounce, Kind kind, const Decision& decision) {
    run(add_bounce_, message_id, recipient, std::string(name(kind)), to_unix(message.arrived), bounce.address,
        std::string(name(bounce.reason)), std::string(name(bounce.category)), std::string(name(bounce.type)),
        bounce.status, bounce.smtp_code, bounce.action, bounce.diagnostic, bounce.remote_mta, bounce.rule,
        bounce.matched, std::string(name(decision.action)), decision.cause);
    return db_.getLastInsertRowid();
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

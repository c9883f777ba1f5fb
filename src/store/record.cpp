// Recording a message: its facts, the decision on each recipient, and the events that follow.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "store/bounces.hpp"
#include "store/counters.hpp"
#include "store/events.hpp"
#include "store/provider.hpp"
#include "store/recipients.hpp"
#include "store/store_impl.hpp"
#include "store/tallies.hpp"
#include "store/troubles.hpp"
#include "store/verdicts.hpp"

namespace nixie {
namespace {

/// Whether messages of that kind show that their sender's address works, should it be a recipient.
bool is_answer(Kind kind) { return kind == Kind::auto_reply || kind == Kind::other; }

/// Records messages inside the caller's transaction.
class Recorder {
  public:
    Recorder(SQLite::Database& db, Sightings& sightings, const RetryPolicies& policies, Time now, Events events);

    /// Answers the folder. The message must stay until judge_all() was called.
    std::string record(const MessageRecord& message);
    /// Decides on all that was recorded: together, so that it is seen first whether the sender itself is in trouble.
    void judge_all();

  private:
    /// One recipient's part of a message that is recorded.
    struct Part {
        const MessageRecord* message;
        std::int64_t message_id;
        const BounceRecord* bounce; ///< null: an answer, which concerns its sender
        Kind kind;
        RecipientRow recipient; ///< id 0: the report names no address
        Counted counted;        ///< of bounces
    };

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
    /// One that was sent again with other outer headers.
    std::int64_t same_report(const MessageRecord& message);
    /// Where a person put it.
    std::optional<std::string> corrected_folder(std::int64_t id);
    /// Of a message that is known by its content: it is not counted again, but may have another verdict now.
    std::string judge_again(const MessageRecord& message, std::int64_t first);
    /// Its messages mostly follow each other.
    std::int64_t inbox_of(const MessageKey& key);
    void store_again(const Own& own, const std::string& folder, const std::string& failure);
    std::int64_t store(const MessageRecord& message, const std::string& folder, std::int64_t duplicate_of);
    void expect(const MessageRecord& message, std::int64_t message_id, const BounceRecord& bounce);
    void judge(Part& part);
    std::int64_t take_answer(const MessageRecord& message, std::int64_t message_id);

    SQLite::Database& db_;
    const RetryPolicies& policies_;
    Time now_;
    Recipients recipients_;
    Texts texts_;
    BounceRows rows_;
    std::optional<Verdicts> verdicts_; ///< made when first needed: it has many statements
    Events wanted_;
    EventQueue events_;
    Tallies tallies_;
    Counters counters_;
    TroubleWatch troubles_;
    std::vector<Part> parts_;
    struct Inbox {
        std::string mailbox, validity;
        std::int64_t row = 0;
    };
    Inbox inbox_; ///< of the last message
    SQLite::Statement own_, same_content_, same_report_, corrected_, upsert_, row_, hold_;
};

Recorder::Recorder(SQLite::Database& db, Sightings& sightings, const RetryPolicies& policies, Time now, Events events)
    : db_(db),
      policies_(policies),
      now_(now),
      recipients_(db),
      texts_(db, sightings),
      rows_(db, texts_),
      wanted_(events),
      events_(db, events, now),
      tallies_(db),
      counters_(db),
      troubles_(db, policies.common().sender, now),
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
      row_(db, "SELECT id FROM message_rows WHERE inbox = ? AND uid = ?"),
      hold_(db, "UPDATE bounce_rows SET held = 1, trouble = ? WHERE id = ?") {}

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
    if (const std::int64_t first = same_report(message); first != 0) {
        const std::string folder = corrected_folder(first).value_or(message.folder);
        store(message, folder, first);
        return folder;
    }
    const std::int64_t id = store(message, message.folder, 0);
    if (message.failure.empty()) counters_.message(message.key.mailbox, message.kind);
    if (is_answer(message.kind) && !message.from.empty())
        parts_.push_back({&message, id, nullptr, message.kind, {}, {}});
    if (!concerns_recipients(message.kind)) return message.folder;
    std::set<std::string> seen;
    for (const auto& bounce : message.bounces)
        if (seen.insert(to_lower(bounce.address)).second) expect(message, id, bounce);
    return message.folder;
}

Recorder::Own Recorder::own_row(const MessageKey& key) {
    if (!find_row(own_, key.mailbox, key.validity, Uid{key.uid})) return {};
    return {own_.getColumn(0).getInt64(),  own_.getColumn(1).getInt64(),    own_.getColumn(2).getString(),
            own_.getColumn(3).getString(), own_.getColumn(4).getInt() != 0, own_.getColumn(5).getInt() != 0};
}

std::int64_t Recorder::same_content(const MessageRecord& message) {
    return find_row(same_content_, message.key.mailbox, Digest{message.sha256}) ? same_content_.getColumn(0).getInt64()
                                                                                : 0;
}

std::int64_t Recorder::same_report(const MessageRecord& message) {
    if (message.report_digest.empty()) return 0;
    return find_row(same_report_, message.key.mailbox, Digest{message.report_digest})
               ? same_report_.getColumn(0).getInt64()
               : 0;
}

std::optional<std::string> Recorder::corrected_folder(std::int64_t id) {
    if (!find_row(corrected_, id)) return std::nullopt;
    return corrected_.getColumn(0).getString();
}

std::int64_t Recorder::inbox_of(const MessageKey& key) {
    if (inbox_.row == 0 || inbox_.mailbox != key.mailbox || inbox_.validity != key.validity)
        inbox_ = {key.mailbox, key.validity, inbox_row(db_, key.mailbox, key.validity)};
    return inbox_.row;
}

std::string Recorder::judge_again(const MessageRecord& message, std::int64_t first) {
    if (auto folder = corrected_folder(first)) return *std::move(folder);
    judge_all(); // the earlier one may be of this batch
    if (!verdicts_) verdicts_.emplace(db_, texts_, policies_, now_, wanted_);
    verdicts_->replace(first, message);
    return message.folder;
}

void Recorder::store_again(const Own& own, const std::string& folder, const std::string& failure) {
    SQLite::Statement update(db_, R"sql(
        UPDATE message_rows SET stage = 1, folder = ?, failure = '', filing_failure = ?, quarantined_at = nullif(?, -1)
        WHERE id = ?)sql");
    run(update, texts_.word(folder), failure, failure.empty() ? std::int64_t{-1} : to_unix(now_), own.id);
}

std::int64_t Recorder::store(const MessageRecord& message, const std::string& folder, std::int64_t duplicate_of) {
    const std::string whose = message.bounces.empty() ? "" : to_lower(message.bounces.front().address);
    const auto inbox = inbox_of(message.key);
    run(upsert_, inbox, Uid{message.key.uid}, Digest{message.sha256}, static_cast<std::int64_t>(message.size),
        to_unix(message.arrived), texts_.word(name(message.kind)), texts_.word(folder), texts_.word(message.format),
        texts_.text(message.reporting_mta, whose), texts_.text(message.feedback_type, whose),
        message.original_message_id, message.original_envelope_id, texts_.text(message.original_subject, whose),
        texts_.text(message.campaign, whose), message.failure, duplicate_of, to_unix(now_),
        message.cut_at ? static_cast<std::int64_t>(*message.cut_at) : std::int64_t{-1},
        message.failure.empty() ? std::int64_t{-1} : to_unix(now_), Digest{message.report_digest});
    const bool stored = find_row(row_, inbox, Uid{message.key.uid});
    assert(stored);
    static_cast<void>(stored);
    return row_.getColumn(0).getInt64();
}

void Recorder::expect(const MessageRecord& message, std::int64_t message_id, const BounceRecord& bounce) {
    Part part{&message, message_id, &bounce, kind_of_part(message.kind, bounce.action), {}, {}};
    if (!bounce.address.empty()) part.recipient = recipients_.take(bounce.address);
    if (part.kind == Kind::bounce) {
        const std::string& address = bounce.told_address.empty() ? bounce.address : bounce.told_address;
        part.counted = {bounce.type,
                        bounce.reason,
                        domain_of(address),
                        provider_of(address, bounce.remote_mta, message.reporting_mta),
                        message.campaign,
                        part.recipient.id,
                        std::min(message.arrived, now_)};
        tallies_.count(part.counted);
        counters_.bounce(message.key.mailbox, bounce.type, bounce.category);
        troubles_.expect(part.counted);
    }
    parts_.push_back(std::move(part));
}

void Recorder::judge_all() {
    tallies_.flush();
    counters_.flush();
    troubles_.look(tallies_, events_);
    // As they arrived, in whatever order they were read: an answer is worth nothing to a bounce that is judged after it.
    std::stable_sort(parts_.begin(), parts_.end(),
                     [](const Part& one, const Part& other) { return one.message->arrived < other.message->arrived; });
    std::set<std::int64_t> changed;
    if (troubles_.take_news()) changed = hold_earlier(db_, troubles_, policies_, now_, events_, texts_);
    for (auto& part : parts_) {
        if (part.bounce == nullptr) {
            changed.insert(take_answer(*part.message, part.message_id));
            continue;
        }
        // An earlier part of this batch may have been about the same recipient, or what suppressed it is held now.
        if (part.recipient.id != 0 && !changed.insert(part.recipient.id).second)
            part.recipient = recipients_.take(part.bounce->address);
        judge(part);
    }
    parts_.clear();
}

void Recorder::judge(Part& part) {
    const auto& [message, message_id, bounce, kind, recipient, counted] = part;
    const bool named = recipient.id != 0;
    Decision decision{Action::none, "the report names no address", {}};
    std::int64_t trouble = 0;
    if (named)
        decision = decide({kind, bounce->type, message->arrived, bounce->reason, bounce->category}, recipient.history,
                          policies_.of(message->key.mailbox), now_);
    if (kind == Kind::bounce && decision.action == Action::suppress && recipient.history.state != State::suppressed)
        trouble = troubles_.holds(counted);
    if (trouble != 0)
        decision = {Action::hold, "held, for the sender seems to be in trouble: " + decision.cause, recipient.history};
    const auto bounce_id = rows_.add(message_id, recipient.id, kind, message->arrived, *bounce, decision);
    if (trouble != 0) run(hold_, trouble, bounce_id);
    if (named) {
        recipients_.apply(recipient, decision, bounce_id, message->arrived);
        const bool newest = !recipient.has_bounce || message->arrived >= recipient.newest_arrived;
        if (kind == Kind::bounce && bounce->type == BounceType::soft && newest)
            recipients_.set_newest_soft_bounce(recipient, bounce_id);
        if (!bounce->original.empty()) recipients_.drop_originals(recipient.id);
    }
    if (events_.wanted())
        events_.add(events_of(*message, *bounce, kind, recipient.history.state, decision), recipient.id);
}

/// Only of who is known: ordinary mail makes no recipients. Nothing may be against the address yet: an older bounce, read later,
/// is to find the answer here.
/// Answers whom it concerned, 0 for nobody.
std::int64_t Recorder::take_answer(const MessageRecord& message, std::int64_t message_id) {
    const auto recipient = recipients_.find(message.from);
    if (!recipient) return 0;
    const auto decision =
        decide({message.kind, {}, message.arrived}, recipient->history, policies_.of(message.key.mailbox), now_);
    if (decision.history == recipient->history) return 0;
    BounceRecord answer;
    answer.address = message.from;
    const auto id = rows_.add(message_id, recipient->id, message.kind, message.arrived, answer, decision);
    recipients_.apply(*recipient, decision, id, message.arrived);
    if (events_.wanted())
        events_.add(events_of(message, answer, message.kind, recipient->history.state, decision), recipient->id);
    return recipient->id;
}

} // namespace

Result<std::vector<std::string>> Store::record(std::span<const MessageRecord> messages, const RetryPolicies& policies,
                                               Time now, Events events) {
    std::vector<MessageRecord> kept;
    if (impl_->keeper.hashed()) {
        for (const auto& message : messages) kept.push_back(impl_->keeper.kept(message));
        messages = kept;
    }
    return impl_->write([&](SQLite::Database& db) {
        Recorder recorder(db, impl_->sightings, policies, now, events);
        std::vector<std::string> folders;
        folders.reserve(messages.size());
        for (const auto& message : messages) folders.push_back(recorder.record(message));
        recorder.judge_all();
        return folders;
    });
}

} // namespace nixie

// Recording a message: its facts, the decision on each recipient, and the events that follow.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "store/bounces.hpp"
#include "store/counters.hpp"
#include "store/events.hpp"
#include "store/message_rows.hpp"
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

    /// Of a message that is known by its content: it is not counted again, but may have another verdict now.
    std::string judge_again(const MessageRecord& message, std::int64_t first);
    void expect(const MessageRecord& message, std::int64_t message_id, const BounceRecord& bounce);
    void judge(Part& part);
    std::int64_t take_answer(const MessageRecord& message, std::int64_t message_id);

    SQLite::Database& db_;
    const RetryPolicies& policies_;
    Time now_;
    Recipients recipients_;
    Texts texts_;
    MessageRows messages_;
    BounceRows rows_;
    std::optional<Verdicts> verdicts_; ///< made when first needed: it has many statements
    Events wanted_;
    EventQueue events_;
    Tallies tallies_;
    Counters counters_;
    TroubleWatch troubles_;
    std::vector<Part> parts_;
    SQLite::Statement hold_;
};

Recorder::Recorder(SQLite::Database& db, Sightings& sightings, const RetryPolicies& policies, Time now, Events events)
    : db_(db),
      policies_(policies),
      now_(now),
      recipients_(db),
      texts_(db, sightings),
      messages_(db, texts_),
      rows_(db, texts_),
      wanted_(events),
      events_(db, events, now),
      tallies_(db),
      counters_(db),
      troubles_(db, policies.common().sender, now),
      hold_(db, "UPDATE bounce_rows SET held = 1, trouble = ? WHERE id = ?") {}

std::string Recorder::record(const MessageRecord& message) {
    assert((message.failure.empty() || message.bounces.empty()) && "what could not be read says nothing of anyone");
    const MessageRows::Own own = messages_.own(message.key);
    if (own.is_done) return own.folder;
    if (own.was_read && !message.failure.empty()) { // what it said when it could be read still holds
        messages_.store_again(own.id, message.folder, message.failure, now_);
        return message.folder;
    }
    if (own.was_read && own.sha256 == message.sha256) {
        const std::string folder = judge_again(message, own.first);
        messages_.store_again(own.id, folder, "", now_);
        return folder;
    }
    if (const std::int64_t first = messages_.same_content(message); first != 0) {
        const std::string folder = judge_again(message, first);
        messages_.store(message, folder, first, now_);
        return folder;
    }
    if (const std::int64_t first = messages_.same_report(message); first != 0) {
        const std::string folder = messages_.corrected_folder(first).value_or(message.folder);
        messages_.store(message, folder, first, now_);
        return folder;
    }
    const std::int64_t id = messages_.store(message, message.folder, 0, now_);
    if (message.failure.empty()) counters_.message(message.key.mailbox, message.kind);
    if (is_answer(message.kind) && !message.from.empty())
        parts_.push_back({&message, id, nullptr, message.kind, {}, {}});
    if (!concerns_recipients(message.kind)) return message.folder;
    std::set<std::string> seen;
    for (const auto& bounce : message.bounces)
        if (seen.insert(to_lower(bounce.address)).second) expect(message, id, bounce);
    return message.folder;
}

std::string Recorder::judge_again(const MessageRecord& message, std::int64_t first) {
    if (auto folder = messages_.corrected_folder(first)) return *std::move(folder);
    judge_all(); // the earlier one may be of this batch
    if (!verdicts_) verdicts_.emplace(db_, texts_, policies_, now_, wanted_);
    verdicts_->replace(first, message);
    return message.folder;
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
                        std::min(message.arrived, now_),
                        part.recipient.history.last_bounce};
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
        if (kind == Kind::bounce && bounce->type == BounceType::soft &&
            recipients_.would_be_newest(recipient, message->arrived))
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

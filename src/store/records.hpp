// What the journal is given and what it answers, as values.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/decision.hpp"
#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"
#include "store/places.hpp"

namespace nixie {

/// How far a message has come. Each step is committed before the next begins.
enum class Stage {
    planned, ///< about to be fetched and read
    stored,  ///< its facts are committed; the move is still to do
    filed,   ///< moved to its folder
};

/// "planned", …
std::string_view name(Stage stage);

/// Names a message for ever: see Listing in mailbox/mailbox.hpp.
struct MessageKey {
    std::string mailbox; ///< the configured name
    std::string validity;
    std::string uid;
};

/// What the journal knows of a message on the way.
struct Progress {
    std::string uid;
    Stage stage = Stage::planned;
    int attempts = 0;             ///< how often reading it was begun and not finished
    std::string folder;           ///< where it goes, levels joined by '/'; from stage stored on
    int filing_attempts = 0;      ///< how often that folder did not take it
    std::string failure;          ///< why reading or filing it failed the last time
    std::optional<Time> tried_at; ///< when that was
};

/// One recipient's part of a message, as it is recorded.
struct BounceRecord {
    std::string address;      ///< as the report gives it; recipients are told apart without case
    std::string told_address; ///< what events tell where that is another; never kept
    Reason reason = Reason::undefined;
    Category category = Category::other;
    BounceType type = BounceType::soft;
    std::string status, smtp_code;
    std::string action; ///< RFC 3464; "delayed", "delivered", … win over a message's kind bounce
    std::string diagnostic, remote_mta;
    std::string rule, matched;
    std::string original,
        original_mailing; ///< what the report returned, if it may be sent again, and its proven mailing
};

/// A message, as it is recorded.
struct MessageRecord {
    MessageKey key;
    std::string sha256;                ///< lower-case hexadecimal, of the content
    std::string report_digest;         ///< the same in other outer headers has the same; empty: that cannot be told
    std::size_t size = 0;              ///< bytes
    std::optional<std::size_t> cut_at; ///< so many bytes were read and the rest was not; nothing if all was read
    Time arrived{};
    Kind kind = Kind::other;
    std::string folder; ///< levels joined by '/'
    std::string format, reporting_mta, feedback_type;
    std::string original_message_id, original_envelope_id, original_subject, campaign;
    std::string from;                  ///< who wrote an auto-reply or other mail: it may clear an address that is known
    std::string failure;               ///< why the message was quarantined; empty if it was read
    std::vector<BounceRecord> bounces; ///< none in a message with a failure; each address counts once
};

/// What one recipient's part of a message says at a glance.
struct Label {
    std::string_view uid;
    Reason reason = Reason::undefined;
    std::optional<Duration> window; ///< after which another try is due, where the recipient waits for that
};

/// What a person said of a message by where they put it.
struct Answer {
    std::int64_t message = 0;
    std::string folder;      ///< where it lies now
    MessageRecord judged;    ///< as the rules have it; its folder is theirs
    MessageRecord corrected; ///< as the person has it
};

/// A message of which the rules may say something else now.
struct Rejudged {
    std::int64_t message = 0;
    FolderPlace place;
    MessageRecord record;
};

/// A recipient that is due for another try, or waits for it.
struct DueRecipient {
    std::string address;
    State state = State::due; ///< due or waiting
    Time due_at{};
    int window = 0;
    int soft_bounces = 0;
    Reason reason = Reason::undefined; ///< of the newest soft bounce, like all below
    Category category = Category::other;
    std::string diagnostic, original_message_id, campaign, mailbox;
    std::string length; ///< of that window, as format_duration() writes it; "-" where the policy no longer has it
};

/// A try that is to be made.
struct PendingTry {
    std::int64_t recipient = 0; ///< row of the journal
    DueRecipient due;
    std::string original; ///< to be sent again; empty where it is not kept
    std::string mailing;  ///< that its signed return path named
    std::string obstacle; ///< why it may not be sent again; empty: it may
};

enum class ResendOutcome {
    sent,
    unknown,   ///< it may have been: it is not sent again
    not_taken, ///< it was not, and may be tried again
};

/// Whether to send.
struct ResendPermit {
    enum class Answer { send, sent_before /**< or may have been */, too_many, handed_over };
    Answer answer = Answer::send;
    Time again{}; ///< too_many: when there is room
};

/// What advance() did.
struct Advance {
    std::size_t due = 0;                ///< recipients whose window ended
    std::size_t recovered = 0;          ///< after another try, by silence
    std::vector<std::string> alerts;    ///< what is wrong with the sender, each told once
    std::optional<Time> recorded_ahead; ///< the newest record is from then, a time still to come; told once
};

/// A verdict that waits for a person.
struct HeldVerdict {
    std::string address;
    Time arrived{};
    Reason reason = Reason::undefined;
    std::string diagnostic, campaign;
    std::int64_t trouble = 0;
    std::string what; ///< of the trouble
};

enum class HeldFate {
    release, ///< decide as if nothing had been wrong
    drop,    ///< as if the bounces had said nothing
};
/// Which held verdicts; all of them where nothing is set.
struct HeldChoice {
    std::int64_t trouble = 0;
    std::string address;
};

/// For how long what is kept; nothing: for ever. Where recipients stand is always kept.
struct Retention {
    std::optional<Duration> messages; ///< with what they said, since they were recorded
    std::optional<Duration> events;   ///< since they were delivered
    std::optional<Duration> counts;   ///< of bounces by domain, provider and reason
};

/// What prune() removed.
struct Pruned {
    std::size_t messages = 0;
    std::int64_t events = 0;
};

/// What a person says of the newest report about an address; what is not set stays as it is.
struct CorrectVerdict {
    std::optional<Reason> reason; ///< with its usual category, and its usual type unless `type` is set
    std::optional<BounceType> type;
    bool is_void = false; ///< the report says nothing about the address
};

enum class RateScope { mailing, provider, domain };
/// What bounced of one mailing, provider or domain.
struct Rate {
    RateScope scope = RateScope::mailing;
    std::string name;
    Tally tally;
};

/// What was sent.
struct SentCounts {
    std::int64_t messages = 0;
    std::map<std::string, std::int64_t> by_domain; ///< as far as known
};

/// A sign from elsewhere that mail reached an address, such as a line of a mail server's log.
struct Success {
    std::string address;
    Time at{};
};

/// What a list of successes came to.
struct SuccessSummary {
    std::size_t known = 0;   ///< of addresses in the journal
    std::size_t cleared = 0; ///< addresses that were not clear before
};

/// An address not to mail.
struct Suppression {
    std::string address;
    Time since{};
    Ground ground = Ground::none;
    std::string cause;
};

/// A recorded bounce in a recipient's history.
struct BounceEvent {
    Time arrived{};
    Kind kind = Kind::bounce; ///< of this recipient's part of the message
    BounceRecord bounce;
    std::string mailbox, folder, original_message_id, original_envelope_id, campaign;
    Action decision = Action::none;
    std::string cause;      ///< of that decision
    std::string moved_from; ///< folder, where the verdict is a person's; else empty
    bool set_aside = false; ///< by a later verdict the message is of another kind: no part of the history
};

/// What was done to a recipient other than by a report.
struct Intervention {
    Time at{};
    std::string command; ///< "tried", "suppress", "clear", "delivered"
    std::string cause;
};

struct RecipientDetail {
    std::string address;
    History history;
    std::vector<BounceEvent> events;         ///< newest first
    std::vector<Intervention> interventions; ///< newest first
};

/// An event on its way to the outside.
struct OutboxEvent {
    std::int64_t id = 0; ///< grows; events of one recipient leave in this order
    std::string key;     ///< idempotency key, unique for ever
    std::string type;    ///< "bounce", "complaint", "due", …
    std::string body;    ///< JSON
    std::string mailbox; ///< empty where it is about none
};

/// An event that is to be told by one way.
struct Delivery {
    std::int64_t id = 0;
    OutboxEvent event;
    int attempts = 0;
    Time since{}; ///< from when the tries are counted
};

/// The same for people who look into the outbox.
struct OutboxRow {
    Delivery delivery;
    std::string way, address; ///< the address may be unknown
    std::optional<Time> dead_at;
    Time ready_at{};
    std::string last_error;
};

/// How the journal keeps addresses. It is made in one way and stays so.
struct Privacy {
    enum class Addresses { plain, hashed };
    Addresses addresses = Addresses::plain;
    std::string key; ///< of the hashes; secret

    friend bool operator==(const Privacy&, const Privacy&) = default;
};

/// What forget() erased.
struct Forgotten {
    State was = State::clear;
    std::int64_t reports = 0;
};

} // namespace nixie

// The journal in SQLite: which messages were seen, what they said, where every recipient stands, what is still to tell.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/decision.hpp"
#include "nixie/result.hpp"
#include "nixie/taxonomy.hpp"
#include "nixie/time.hpp"
#include "store/places.hpp"
#include "store/status.hpp"
#include "store/summary.hpp"

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
};

/// A message, as it is recorded.
struct MessageRecord {
    MessageKey key;
    std::string sha256;                ///< lower-case hexadecimal, of the content
    std::size_t size = 0;              ///< bytes
    std::optional<std::size_t> cut_at; ///< so many bytes were read and the rest was not; nothing if all was read
    Time arrived{};
    Kind kind = Kind::other;
    std::string folder; ///< levels joined by '/'
    std::string format, reporting_mta, feedback_type;
    std::string original_message_id, original_subject, campaign;
    std::string from;                  ///< who wrote an auto-reply or other mail: it may clear an address that is known
    std::string failure;               ///< why the message was quarantined; empty if it was read
    std::vector<BounceRecord> bounces; ///< none in a message with a failure; each address counts once
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
};

/// The length of the window that it is or was in, as format_duration() writes it; "-" where the policy no longer has it.
std::string window_text(const DueRecipient& recipient, const RetryPolicy& policy);

/// What advance() did.
struct Advance {
    std::size_t due = 0;             ///< recipients whose window ended
    std::size_t recovered = 0;       ///< after another try, by silence
    std::vector<std::string> alerts; ///< what is wrong with the sender, each told once
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
    std::string mailbox, folder, original_message_id, campaign;
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

/// How many messages there are of one kind in one folder.
struct FolderCount {
    std::string folder;
    Kind kind = Kind::other;
    std::int64_t messages = 0;
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

enum class StoreAccess {
    read,  ///< of an existing journal; nothing is written, not even beside it
    write, ///< created if missing
};

enum class Events {
    queue, ///< put into the outbox
    drop,  ///< nobody is to be told
};

/// One connection to the journal. Not thread-safe; several processes may open the same file. Every call that writes is
/// one transaction, committed (synchronous=FULL) when it returns.
class Store {
  public:
    /// A call waits for `patience` for another process to end its transaction.
    static Result<Store> open(const std::string& path, StoreAccess access, Privacy privacy = {},
                              std::chrono::milliseconds patience = std::chrono::seconds(10));

    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;
    ~Store();

    /// Takes `uids` into the journal as planned where they are new, counts an attempt for each that is not further yet,
    /// and answers for all of them, in the same order.
    Result<std::vector<Progress>> plan(std::string_view mailbox, std::string_view validity,
                                       std::span<const std::string> uids);
    /// The same answer without writing; uids that are not in the journal are left out.
    Result<std::vector<Progress>> progress(std::string_view mailbox, std::string_view validity,
                                           std::span<const std::string> uids);
    /// Takes back the attempt that plan() counted, for messages that were not to blame (the connection was lost).
    Result<void> release(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids);

    /// Records messages and what they mean for their recipients: decides with `policy` on each bounce, updates histories,
    /// retries and suppressions, puts events into the outbox, and sets Stage::stored; all in one transaction. A message
    /// whose content (sha256) was recorded before under another uid of the same mailbox, or that came back under its own, is
    /// taken in without counting again: where its verdict is another one now, that takes the place of the earlier one, but
    /// for a person's answer, which stands. A quarantined message was not counted and is no such record. What is
    /// stored already stays as it is. Only the kinds bounce, delayed, delivered and complaint concern recipients;
    /// auto-replies and other mail concern their sender, if that is a recipient who is not clear. Answers the folder of each, in
    /// the same order.
    Result<std::vector<std::string>> record(std::span<const MessageRecord> messages, const RetryPolicy& policy,
                                            Time now, Events events = Events::queue);
    /// Sets Stage::filed, and remembers where the messages lie.
    Result<void> filed(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids, Time now,
                       std::span<const NewPlaces> places = {});
    /// Messages that are filed and were put back into the inbox under their old uid: planned again, nothing counted anew.
    Result<void> returned(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids);
    /// The messages that are recorded but not filed yet.
    Result<std::vector<Progress>> unfiled(std::string_view mailbox, std::string_view validity);

    /// Counts a try at filing that `cause` made vain.
    Result<void> not_filed(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                           std::string_view cause, Time now);
    /// Sends messages that are stored, and that their folder does not take, to the folder `quarantine` instead.
    Result<void> quarantine(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                            const std::string& quarantine, Time now);
    /// Notes why reading this message failed; plan() had counted the attempt, and it stays counted.
    Result<void> not_read(std::string_view mailbox, std::string_view validity, const std::string& uid,
                          std::string_view cause, Time now);

    /// Writes how a mailbox fares, over what was written before.
    Result<void> note(const MailboxStatus& status);
    /// What was last noted; nothing if nobody ever worked on it.
    Result<std::optional<MailboxStatus>> mailbox(std::string_view name);
    /// Everything `nixie status` shows, with the newest `most_quarantined` messages in quarantine.
    Result<JournalStatus> status(const RetryPolicy& policy, Time now, std::size_t most_quarantined);

    Result<std::vector<SearchedFolder>> searched_folders(std::string_view mailbox);
    /// Another validity than before makes all void that was known to lie there.
    Result<void> searched(std::string_view mailbox, const SearchedFolder& folder);
    /// Those uids of which it is not known what lies there.
    Result<std::vector<std::string>> unknown_in(std::string_view mailbox, std::string_view folder,
                                                std::string_view validity, std::span<const std::string> uids);
    /// How many messages are known to lie there under a uid, a number, not less than `first`.
    Result<std::uint64_t> known_from(std::string_view mailbox, std::string_view folder, std::string_view validity,
                                     std::uint64_t first);
    /// Remembers what lies there; the row of each message, 0 for one that is not in the journal.
    Result<std::vector<std::int64_t>> found(std::string_view mailbox, std::string_view folder,
                                            std::string_view validity, std::span<const FoundMessage> messages);
    /// Forgets what was known to lie there beside `present`; the rows of those messages.
    Result<std::vector<std::int64_t>> lost(std::string_view mailbox, std::string_view folder,
                                           std::span<const std::string> present);
    /// The row of the message at each uid, 0 where none is known.
    Result<std::vector<std::int64_t>> messages_in(std::string_view mailbox, std::string_view folder,
                                                  std::span<const std::string> uids);
    Result<std::vector<Whereabouts>> whereabouts(std::span<const std::int64_t> messages);
    /// They lie in no folder of ours any more.
    Result<void> gone(std::span<const std::int64_t> messages, Time now);

    /// Records what people said, and puts their verdict in the place of the rules': nothing but another answer, or taking
    /// this one back, changes it. Moved back to where the rules have it, an answer is withdrawn.
    Result<void> answer(std::span<const Answer> answers, const RetryPolicy& policy, Time now,
                        Events events = Events::queue);
    /// Those made or withdrawn at or after `since`, oldest first.
    Result<std::vector<Correction>> corrections(Time since);
    /// Puts new verdicts in the place of older ones, but not of a person's, and marks what is to leave its folder. Whether
    /// each verdict is another one.
    Result<std::vector<bool>> rejudge(std::span<const Rejudged> messages, const RetryPolicy& policy, Time now,
                                      Events events = Events::queue);
    /// Those messages have left `from`; their new uid is empty where it is not known.
    Result<void> refiled(std::string_view mailbox, std::string_view from, const NewPlaces& to);

    Result<std::optional<RecipientDetail>> recipient(std::string_view address);
    /// Those due at `now`, and with `waiting` also those that will be; earliest first.
    enum class Include { due, waiting };
    Result<std::vector<DueRecipient>> due(Include include, const RetryPolicy& policy, Time now);
    /// Those due at `now`, each with Order::tried carried out in the same transaction.
    Result<std::vector<DueRecipient>> take_due(const RetryPolicy& policy, Time now);
    /// What time has brought about by `now`: queues an event for each recipient who became due, and clears those of whom
    /// nothing more was heard. For every pass; costs nothing where nothing is to be done.
    Result<Advance> advance(const RetryPolicy& policy, Time now, Events events = Events::queue);

    /// What a person does to recipients. For each address, in the same order: false if it is not known; Order::suppress makes
    /// it known. `cause` is added to the decision's own where it is not empty.
    Result<std::vector<bool>> carry_out(Order order, std::span<const std::string> addresses, std::string_view cause,
                                        const RetryPolicy& policy, Time now, Events events = Events::queue);
    /// Corrects the verdict on the newest report about the address and makes its history anew; where it stands then. Nothing
    /// if no report is known.
    Result<std::optional<State>> correct(std::string_view address, const CorrectVerdict& verdict,
                                         const RetryPolicy& policy, Time now, Events events = Events::queue);
    /// Verdicts that wait for a person, oldest first.
    Result<void> held(const std::function<void(const HeldVerdict&)>& each);
    /// Carries out what a person decided; how many verdicts that were.
    Result<std::size_t> settle_held(HeldFate fate, const HeldChoice& choice, const RetryPolicy& policy, Time now,
                                    Events events = Events::queue);
    /// Those that last, and those with verdicts that wait.
    Result<std::vector<Trouble>> troubles();
    /// All mailings; providers and domains by what bounced since then, most first.
    Result<std::vector<Rate>> rates(RateScope scope, Time since);
    /// Adds to what was sent, of a mailing if one is named; how much was sent of that in all.
    Result<std::int64_t> sent(const std::string& campaign, const SentCounts& counts, const RetryPolicy& policy,
                              Time now, Events events = Events::queue);
    /// Removes some of what is older than `retention` keeps; for every pass.
    Result<Pruned> prune(const Retention& retention, const RetryPolicy& policy, Time now);
    /// What is damaged, or contradicts itself; empty: nothing. Reads the whole file.
    Result<std::vector<std::string>> check();
    /// Copies the journal into a file that is not there yet, also while others write.
    Result<void> back_up(const std::string& path);
    /// Gives back the space of what was removed. Others wait meanwhile, and it needs as much space again.
    Result<void> vacuum();
    /// Erases all that is recorded of an address; what it said of others stays. Nothing if it is not known.
    Result<std::optional<Forgotten>> forget(std::string_view address);
    /// Takes in signs that addresses work; those that are not known are left out.
    Result<SuccessSummary> succeeded(std::span<const Success> successes, const RetryPolicy& policy, Time now,
                                     Events events = Events::queue);
    /// Calls `each` for every suppressed address, the earliest first.
    Result<void> suppressions(const std::function<void(const Suppression&)>& each);

    /// Of messages recorded at or after `since`.
    Result<std::vector<FolderCount>> folder_counts(Time since);
    /// Of reports that arrived in [since, until), beside the span of the same length before it; `most` rows a group.
    Result<Summary> summary(Time since, Time until, std::size_t most);

    /// The oldest events that are not addressed yet, among those ready at `now`.
    Result<std::vector<OutboxEvent>> outbox(std::size_t limit, Time now);
    /// Says by which ways an event is to be told; by none, it is done with.
    Result<void> address(std::int64_t event, std::span<const std::string> ways, Time now);
    /// Gives up what is still to be told by other ways than those; how much that was.
    Result<std::int64_t> only_ways(std::span<const std::string> ways, Time now);
    /// The oldest that are to be told by `way` at `now`. What waits after a failure holds back what is later for its recipient.
    Result<std::vector<Delivery>> deliveries(std::string_view way, std::size_t limit, Time now);
    /// When the next of them comes after `now`.
    Result<std::optional<Time>> next_delivery(std::string_view way, Time now);
    Result<void> delivered(std::int64_t delivery, Time now);
    /// Not delivered: `retry_at` is when to try next; nothing makes it a dead letter.
    Result<void> failed(std::int64_t delivery, std::string_view cause, Time now, std::optional<Time> retry_at);
    /// Those not delivered, oldest first, at most `limit`.
    enum class Which { all, dead };
    Result<std::vector<OutboxRow>> undelivered(Which which, std::size_t limit);
    /// Dead letters are tried again, waiting ones at once; no ids: all dead ones. How many there were.
    Result<std::int64_t> replay(std::span<const std::int64_t> deliveries, Time now);
    /// Undelivered ones are done with, untold. How many there were.
    Result<std::int64_t> drop(std::span<const std::int64_t> deliveries, Time now);

  private:
    struct Impl;
    explicit Store(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace nixie

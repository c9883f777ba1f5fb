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
#include "store/figures.hpp"
#include "store/notes.hpp"
#include "store/places.hpp"
#include "store/records.hpp"
#include "store/retry_policies.hpp"
#include "store/status.hpp"
#include "store/summary.hpp"

namespace nixie {

enum class StoreAccess {
    read,  ///< of an existing journal; nothing is written, not even beside it
    amend, ///< of an existing journal
    write, ///< created if missing
};

enum class Events {
    queue, ///< put into the outbox
    drop,  ///< nobody is to be told
};

/// What becomes of a try that is due.
enum class Tries {
    announced, ///< by a `due` event
    made,      ///< by one of type `try`, to who makes it
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

    /// Records messages and what they mean for their recipients: decides on each bounce by the policy of its mailbox, updates histories,
    /// retries and suppressions, puts events into the outbox, and sets Stage::stored; all in one transaction. A message
    /// whose content (sha256) was recorded before under another uid of the same mailbox, or that came back under its own, is
    /// taken in without counting again: where its verdict is another one now, that takes the place of the earlier one, but
    /// for a person's answer, which stands. A quarantined message was not counted and is no such record. What is
    /// stored already stays as it is. Only the kinds bounce, delayed, delivered and complaint concern recipients;
    /// auto-replies and other mail concern their sender, if that is a recipient who is not clear. Answers the folder of each, in
    /// the same order.
    Result<std::vector<std::string>> record(std::span<const MessageRecord> messages, const RetryPolicies& policies,
                                            Time now, Events events = Events::queue);
    /// Sets Stage::filed, and remembers where the messages lie.
    Result<void> filed(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids, Time now,
                       std::span<const NewPlaces> places = {});
    /// Messages that are filed and were put back into the inbox under their old uid: planned again, nothing counted anew.
    Result<void> returned(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids);
    /// The messages that are recorded but not filed yet.
    Result<std::vector<Progress>> unfiled(std::string_view mailbox, std::string_view validity);

    /// Calls `each` for what those messages say of each recipient who bounced, message after message.
    Result<void> labels(std::string_view mailbox, std::string_view validity, std::span<const std::string> uids,
                        const RetryPolicy& policy, const std::function<void(const Label&)>& each);

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
    Result<JournalStatus> status(const RetryPolicies& policies, Time now, std::size_t most_quarantined);

    /// Counts failures of work on a mailbox, for figures().
    Result<void> count_errors(const std::string& mailbox, std::span<const ErrorCode> codes);
    /// Everything `nixie metrics` shows.
    Result<Figures> figures(const RetryPolicies& policies, Time now);

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
    Result<void> answer(std::span<const Answer> answers, const RetryPolicies& policies, Time now,
                        Events events = Events::queue);
    /// Those made or withdrawn at or after `since`, oldest first.
    Result<std::vector<Correction>> corrections(Time since);
    /// Puts new verdicts in the place of older ones, but not of a person's, and marks what is to leave its folder. Whether
    /// each verdict is another one.
    Result<std::vector<bool>> rejudge(std::span<const Rejudged> messages, const RetryPolicies& policies, Time now,
                                      Events events = Events::queue);
    /// Those messages have left `from`; their new uid is empty where it is not known.
    Result<void> refiled(std::string_view mailbox, std::string_view from, const NewPlaces& to);

    Result<std::optional<RecipientDetail>> recipient(std::string_view address);
    /// Those due at `now`, and with `waiting` also those that will be; earliest first.
    enum class Include { due, waiting };
    Result<std::vector<DueRecipient>> due(Include include, const RetryPolicies& policies, Time now);
    /// Those due at `now`, each with Order::tried carried out in the same transaction.
    Result<std::vector<DueRecipient>> take_due(const RetryPolicies& policies, Time now);
    /// What time has brought about by `now`: queues an event for each recipient who became due, and clears those of whom
    /// nothing more was heard. For every pass; costs nothing where nothing is to be done.
    Result<Advance> advance(const RetryPolicies& policies, Time now, Events events = Events::queue,
                            Tries tries = Tries::announced);
    /// The try that the event with this key asks for; nothing if it is due no more.
    Result<std::optional<PendingTry>> pending_try(std::string_view key, const RetryPolicies& policies, Time now);
    /// Writes that it is about to be sent, unless it was once before, or `most` in an hour to its domain would be exceeded.
    Result<ResendPermit> begin_resend(const PendingTry& pending, int most, Time now);
    /// Writes how that ended: what was sent, or may have been, was a try.
    Result<void> end_resend(const PendingTry& pending, ResendOutcome outcome, const std::string& detail,
                            const RetryPolicies& policies, Time now);
    /// The try was made; `how` goes into its history.
    Result<void> tried(const PendingTry& pending, const std::string& how, const RetryPolicies& policies, Time now);
    /// The try is not made but left to others: a `due` event with the cause is queued.
    Result<void> hand_over(const PendingTry& pending, const std::string& cause, Time now);

    /// What a person does to recipients. For each address, in the same order: false if it is not known; Order::suppress makes
    /// it known. `cause` is added to the decision's own where it is not empty.
    Result<std::vector<bool>> carry_out(Order order, std::span<const std::string> addresses, std::string_view cause,
                                        const RetryPolicy& policy, Time now, Events events = Events::queue);
    /// Corrects the verdict on the newest report about the address and makes its history anew; where it stands then. Nothing
    /// if no report is known.
    Result<std::optional<State>> correct(std::string_view address, const CorrectVerdict& verdict,
                                         const RetryPolicies& policies, Time now, Events events = Events::queue);
    /// Verdicts that wait for a person, oldest first.
    Result<void> held(const std::function<void(const HeldVerdict&)>& each);
    /// Carries out what a person decided; how many verdicts that were.
    Result<std::size_t> settle_held(HeldFate fate, const HeldChoice& choice, const RetryPolicies& policies, Time now,
                                    Events events = Events::queue);
    /// Those that last, and those with verdicts that wait.
    Result<std::vector<Trouble>> troubles();
    /// All mailings; providers and domains by what bounced since then, most first.
    Result<std::vector<Rate>> rates(RateScope scope, Time since);
    /// Adds to what was sent, of a mailing if one is named; how much was sent of that in all.
    Result<std::int64_t> sent(const std::string& campaign, const SentCounts& counts, const RetryPolicy& policy,
                              Time now, Events events = Events::queue);
    /// Removes some of what is older than `retention` keeps; for every pass.
    Result<Pruned> prune(const Retention& retention, const RetryPolicies& policies, Time now);
    /// What is damaged, or contradicts itself; empty: nothing. Reads the whole file; quick: without comparing indexes and rows.
    enum class Thoroughness { whole, quick };
    Result<std::vector<std::string>> check(Thoroughness thoroughness = Thoroughness::whole);
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

    /// Of reports that arrived in [since, until), beside the span of the same length before it; `most` rows a group. Only of
    /// one mailbox, if one is named.
    Result<Summary> summary(Time since, Time until, std::size_t most, const std::string& mailbox = {});

    /// How it stands with a digest; one that was never due counts from `from` on.
    Result<DigestState> digest(const std::string& name, Time from);
    Result<void> digest_sent(const std::string& name, Time until);
    Result<void> digest_failed(const std::string& name, const std::string& cause, Time retry_at);
    /// Queues the event `digest`, once for a key; with `until` the span up to then is told of.
    Result<void> tell_digest(const std::string& key, const std::string& body, std::optional<Time> until, Time now);

    /// What lies in the mailbox's folders to tell what is in them.
    Result<std::vector<FolderNote>> notes(const std::string& mailbox);
    /// Over what was kept of that folder before.
    Result<void> keep_note(const std::string& mailbox, const FolderNote& note);
    Result<void> drop_note(const std::string& mailbox, const std::string& folder);
    /// What was counted since the journal began; not only of one mailbox.
    Result<std::vector<Counter>> counters();

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
    /// Not delivered, and nobody is to blame: to be tried at `again`.
    Result<void> postponed(std::int64_t delivery, Time again);
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

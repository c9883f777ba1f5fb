#include "worker/cycle.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <optional>
#include <span>
#include <thread>
#include <unordered_set>
#include <utility>

#include "worker/corrections.hpp"
#include "worker/filing.hpp"
#include "worker/moves.hpp"
#include "worker/origin.hpp"
#include "worker/passing_time.hpp"
#include "worker/reading.hpp"
#include "worker/record.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

/// Messages read and recorded together.
constexpr std::size_t chunk_messages = 500;
constexpr std::size_t suspects_together = 25;
/// More would wait for the server.
constexpr std::size_t most_judging_threads = 4;
/// After so many messages nothing is under way for a moment.
constexpr std::size_t messages_in_a_stretch = 5000;
/// Moves gather until a pass has that many: of an inbox of 100,000 messages Dovecot needs 0.2 s for each command, however few
/// messages it names. But what waits takes memory.
constexpr std::size_t messages_before_filing = 20'000;

using Uids = std::vector<std::string>;

class Cycle final : private Reader {
  public:
    Cycle(Mailbox& mailbox, Store* store, const CycleContext& context)
        : mailbox_(mailbox), store_(store), context_(context) {
        if (store_ && !dry()) moves_.emplace(mailbox_, *store_, context_, summary_);
    }

    Result<CycleSummary> run() {
        auto listing = mailbox_.list();
        if (!listing) return listing.error();
        context_.alive();
        summary_.validity = listing->validity;
        summary_.found = listing->uids.size();

        auto todo = sort_out(std::move(listing->uids));
        if (!todo) return todo.error();
        total_ = todo->fresh.size() + todo->suspects.size() + todo->prime_suspects.size();
        context_.progress(0, total_);
        if (total_ > 0)
            if (auto read = read_all(*todo); !read) return read.error();
        if (moves_)
            if (auto filed = moves_->carry_out(); !filed) return filed.error();
        summary_.left = summary_.found - std::min(summary_.found, summary_.filed);
        return summary_;
    }

  private:
    /// What is to be read. Suspects are messages that reading began on and never finished.
    struct Todo {
        Uids fresh;
        Uids suspects;
        Uids prime_suspects; ///< were so when few others were with them
    };

    /// One that may be to blame goes behind the others, and at last alone, so that no other is taken for it.
    Result<void> read_all(const Todo& todo) {
        Reading reading(mailbox_, *this, context_.config.fetch_bytes, judging_threads());
        if (auto read = read_in_parts(reading, todo.fresh, messages_in_a_stretch, chunk_messages); !read) return read;
        if (auto read = read_in_parts(reading, todo.suspects, suspects_together, suspects_together); !read) return read;
        return read_in_parts(reading, todo.prime_suspects, 1, 1);
    }

    /// Who wants to be told of the messages is told in their order.
    [[nodiscard]] std::size_t judging_threads() const {
        return context_.judged ? 1
                               : std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, most_judging_threads);
    }

    /// The chunks of a part overlap; after each part nothing is under way.
    Result<void> read_in_parts(Reading& reading, std::span<const std::string> uids, std::size_t most,
                               std::size_t chunk) {
        while (!uids.empty() && !context_.stop()) {
            const auto part = uids.first(std::min({most, uids.size(), affordable()}));
            if (part.empty()) break;
            uids = uids.subspan(part.size());
            const auto outcome = reading.read(part, chunk, context_.stop);
            if (outcome.journal) return *outcome.journal;
            if (auto kept = account_for(outcome); !kept) return kept;
            if (moves_ && moves_->waiting() >= messages_before_filing)
                if (auto filed = moves_->carry_out(); !filed) return filed;
        }
        return {};
    }

    /// Those that did not come. If that was for an Error, the first of them is a suspect: it goes alone from some later pass on,
    /// and after some attempts to quarantine, lest it stop the queue for ever. The others were not to blame, or someone else
    /// moved or deleted them meanwhile.
    Result<void> account_for(const Reading::Outcome& outcome) {
        const auto& error = outcome.mailbox;
        std::span<const std::string> unread = outcome.unread;
        if (dry()) return error ? Result<void>(*error) : Result<void>{};
        if (error && error->code != ErrorCode::interrupted && !unread.empty()) {
            auto blamed = store_->not_read(context_.mailbox.name, summary_.validity, unread.front(), error->what,
                                           context_.clock.now());
            if (!blamed) return blamed;
            unread = unread.subspan(1);
        }
        if (!unread.empty())
            if (auto released = store_->release(context_.mailbox.name, summary_.validity, unread); !released)
                return released;
        if (!error) return {};
        // After a refusal the connection stands: the others may be read.
        if (!is_refusal(error->code)) return *error;
        summary_.failures.push_back(*error);
        return {};
    }

    /// Tells what is still to be read from what only needs its move.
    Result<Todo> sort_out(Uids&& uids) {
        Todo todo;
        if (!store_) {
            todo.fresh = std::move(uids);
            return todo;
        }
        auto known = store_->progress(context_.mailbox.name, summary_.validity, uids);
        if (!known) return known.error();
        std::unordered_set<std::string> seen;
        Uids returned; // someone put them back under their old name
        for (const auto& message : *known) {
            seen.insert(message.uid);
            if (tried_lately(message)) continue;
            if (message.stage == Stage::planned)
                todo_list(todo, message.attempts).push_back(message.uid);
            else if (message.stage == Stage::filed && mailbox_.can_come_back())
                returned.push_back(message.uid);
            else if (message.stage == Stage::filed) // and yet there: it never went away
                add_move(message.folder, message.uid);
        }
        if (seen.empty())
            todo.fresh = std::move(uids);
        else
            std::copy_if(uids.begin(), uids.end(), std::back_inserter(todo.fresh),
                         [&](const auto& uid) { return !seen.contains(uid); });
        todo.fresh.insert(todo.fresh.end(), returned.begin(), returned.end());
        if (!dry() && !returned.empty())
            if (auto noted = store_->returned(context_.mailbox.name, summary_.validity, returned); !noted)
                return noted.error();

        // All that an earlier pass recorded and did not see filed, also what is no longer listed: a move may have been
        // broken off after the copy, and repeating it finishes it.
        auto unfiled = store_->unfiled(context_.mailbox.name, summary_.validity);
        if (!unfiled) return unfiled.error();
        Uids refused;
        for (const auto& message : *unfiled) {
            if (tried_lately(message)) continue;
            const bool given_up = message.filing_attempts >= context_.config.attempts;
            if (given_up) refused.push_back(message.uid);
            if (moves_ && !given_up && message.filing_attempts + 1 >= context_.config.attempts)
                moves_->on_last_try(message.uid);
            add_move(given_up ? path(quarantine_folder) : message.folder, message.uid);
        }
        if (!refused.empty()) {
            const auto sent = store_->quarantine(context_.mailbox.name, summary_.validity, refused,
                                                 path(quarantine_folder), context_.clock.now());
            if (!sent) return sent.error();
            summary_.quarantined += refused.size();
        }
        return todo;
    }

    /// A server that is restarted must not cost a message all its tries. The first failure may well have been chance.
    [[nodiscard]] bool tried_lately(const Progress& message) const {
        return message.tried_at && std::max(message.attempts, message.filing_attempts) > 1 &&
               context_.clock.now() - *message.tried_at < context_.pause;
    }

    /// How many messages the budget is sure to suffice for.
    std::size_t affordable() {
        const std::uint64_t left = context_.budget - std::min(context_.budget, summary_.bytes);
        const std::uint64_t messages = left / context_.config.fetch_bytes;
        summary_.budget_used = messages == 0;
        return static_cast<std::size_t>(std::min<std::uint64_t>(messages, messages_in_a_stretch));
    }

    /// Suspects may share an attempt only if that leaves one for each alone.
    Uids& todo_list(Todo& todo, int attempts) const {
        if (attempts == 0) return todo.fresh;
        return attempts == 1 && context_.config.attempts > 2 ? todo.suspects : todo.prime_suspects;
    }

    Result<Uids> plan(std::span<const std::string> uids, std::vector<MessageRecord>& records) override {
        if (dry()) return Uids(uids.begin(), uids.end());
        auto planned = store_->plan(context_.mailbox.name, summary_.validity, uids);
        if (!planned) return planned.error();
        Uids readable;
        for (const auto& message : *planned) {
            if (message.attempts > context_.config.attempts)
                records.push_back(quarantine(message));
            else
                readable.push_back(message.uid);
        }
        return readable;
    }

    void arrived(const FetchedMessage& message) override {
        context_.alive();
        context_.fetched(message.bytes.size());
        summary_.bytes += message.bytes.size();
    }

    void prepare() override { static_cast<void>(context_.judge.get()); }

    MessageRecord judge(const FetchedMessage& message) override {
        const Judgement judgement = judge_with_origin(context_, message.bytes);
        const std::string folder = path(folder_for(judgement));
        if (context_.judged) context_.judged(judgement, message.uid, folder);
        return make_record(context_, summary_.validity, message, judgement, folder);
    }

    Result<void> record(const std::vector<MessageRecord>& records) override {
        if (!dry()) {
            const auto events = events_wanted(context_.config);
            auto folders = store_->record(records, retry_policies(context_.config), context_.clock.now(), events);
            if (!folders) return folders.error();
            for (std::size_t i = 0; i < records.size(); ++i) moves_->add((*folders)[i], records[i].key.uid);
        }
        for (const auto& record : records) count(record);
        done_ += records.size();
        context_.progress(done_, total_);
        return {};
    }

    void count(const MessageRecord& record) {
        if (!record.failure.empty()) {
            ++summary_.quarantined;
            return;
        }
        ++summary_.read;
        ++summary_.by_folder[record.folder];
        ++summary_.by_kind[record.kind];
        if (record.kind != Kind::bounce) return;
        for (const auto& bounce : record.bounces) ++summary_.by_type[bounce.type];
    }

    MessageRecord quarantine(const Progress& message) {
        return make_quarantine_record({context_.mailbox.name, summary_.validity, message.uid}, message,
                                      path(quarantine_folder), context_.clock.now());
    }

    /// A dry run moves nothing.
    void add_move(const std::string& folder, const std::string& uid) {
        if (moves_) moves_->add(folder, uid);
    }

    [[nodiscard]] bool dry() const { return context_.mode == CycleMode::dry_run; }
    [[nodiscard]] std::string path(const std::string& folder) const {
        return folder_name(context_.mailbox.folders, folder);
    }

    Mailbox& mailbox_;
    Store* store_;
    const CycleContext& context_;
    std::size_t done_ = 0, total_ = 0; ///< messages to read
    CycleSummary summary_;
    std::optional<Moves> moves_; ///< none in a dry run
};

template <class Key>
void add(std::map<Key, std::size_t>& to, const std::map<Key, std::size_t>& from) {
    for (const auto& [key, count] : from) to[key] += count;
}

} // namespace

CycleSummary& CycleSummary::operator+=(const CycleSummary& other) {
    found += other.found;
    read += other.read;
    left += other.left;
    bytes += other.bytes;
    filed += other.filed;
    quarantined += other.quarantined;
    add(by_folder, other.by_folder);
    add(by_kind, other.by_kind);
    add(by_type, other.by_type);
    failures.insert(failures.end(), other.failures.begin(), other.failures.end());
    return *this;
}

Result<CycleSummary> run_cycle(Mailbox& mailbox, Store* store, const CycleContext& context) {
    assert(store || context.mode == CycleMode::dry_run);
    CycleContext own = context;
    if (store) {
        auto told = told_mailings(*store, context.config, context.clock.now());
        if (!told) return told.error();
        own.told_mailings = std::move(told).value();
    }
    if (own.mode == CycleMode::dry_run) return Cycle(mailbox, store, own).run();
    const auto noticed = notice_moves(mailbox, *store, own);
    if (!noticed) return noticed.error();
    own.budget -= std::min(own.budget, noticed->bytes);
    return Cycle(mailbox, store, own).run();
}

} // namespace nixie

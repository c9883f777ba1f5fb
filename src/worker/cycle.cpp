#include "worker/cycle.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <unordered_set>

#include "worker/corrections.hpp"
#include "worker/filing.hpp"
#include "worker/passing_time.hpp"
#include "worker/record.hpp"

namespace nixie {
namespace {

/// Messages read and recorded together.
constexpr std::size_t chunk_messages = 500;
/// Moves gather until a pass has that many, since each command costs the server far more than each message.
constexpr std::size_t messages_before_filing = 5000;

/// So many messages in a row are refused alone before the rest of their folder goes together: the folder is to blame.
constexpr std::size_t most_refused_alone = 3;

using Uids = std::vector<std::string>;

class Cycle {
  public:
    Cycle(Mailbox& mailbox, Store* store, const CycleContext& context)
        : mailbox_(mailbox), store_(store), context_(context) {}

    Result<CycleSummary> run() {
        auto listing = mailbox_.list();
        if (!listing) return listing.error();
        context_.alive();
        validity_ = summary_.validity = listing->validity;
        summary_.found = listing->uids.size();

        auto todo = sort_out(listing->uids);
        if (!todo) return todo.error();
        const std::size_t total = todo->fresh.size() + todo->suspects.size();
        context_.progress(0, total);

        // A message that reading began on and never finished may be to blame: it goes alone, behind the others.
        for (auto& [uids, step] : {std::pair{std::span<const std::string>(todo->fresh), chunk_messages},
                                   std::pair{std::span<const std::string>(todo->suspects), std::size_t{1}}}) {
            for (std::size_t at = 0; at < uids.size() && !context_.stop();) {
                const auto chunk = uids.subspan(at, std::min({step, uids.size() - at, affordable()}));
                if (chunk.empty()) break;
                at += chunk.size();
                if (auto worked = work(chunk); !worked) return worked.error();
                done_ += chunk.size();
                context_.progress(done_, total);
                if (waiting_ >= messages_before_filing)
                    if (auto filed = file_all(); !filed) return filed.error();
            }
        }
        if (auto filed = file_all(); !filed) return filed.error();
        summary_.left = summary_.found - std::min(summary_.found, summary_.filed);
        return summary_;
    }

  private:
    struct Todo {
        Uids fresh;
        Uids suspects;
    };

    /// Tells what is still to be read from what only needs its move.
    Result<Todo> sort_out(const Uids& uids) {
        Todo todo;
        if (!store_) {
            todo.fresh = uids;
            return todo;
        }
        auto known = store_->progress(context_.mailbox.name, validity_, uids);
        if (!known) return known.error();
        std::unordered_set<std::string> seen;
        Uids returned; // someone put them back under their old name
        for (const auto& message : *known) {
            seen.insert(message.uid);
            if (tried_lately(message)) continue;
            if (message.stage == Stage::planned)
                (message.attempts > 0 ? todo.suspects : todo.fresh).push_back(message.uid);
            else if (message.stage == Stage::filed && mailbox_.can_come_back())
                returned.push_back(message.uid);
            else if (message.stage == Stage::filed) // and yet there: it never went away
                to_file(message.folder, message.uid);
        }
        for (const auto& uid : uids)
            if (!seen.contains(uid)) todo.fresh.push_back(uid);
        todo.fresh.insert(todo.fresh.end(), returned.begin(), returned.end());
        if (!dry() && !returned.empty())
            if (auto noted = store_->returned(context_.mailbox.name, validity_, returned); !noted) return noted.error();

        // All that an earlier pass recorded and did not see filed, also what is no longer listed: a move may have been
        // broken off after the copy, and repeating it finishes it.
        auto unfiled = store_->unfiled(context_.mailbox.name, validity_);
        if (!unfiled) return unfiled.error();
        Uids refused;
        for (const auto& message : *unfiled) {
            if (tried_lately(message)) continue;
            const bool given_up = message.filing_attempts >= context_.config.attempts;
            if (given_up) refused.push_back(message.uid);
            if (!given_up && message.filing_attempts + 1 >= context_.config.attempts) last_tries_.insert(message.uid);
            to_file(given_up ? path(quarantine_folder) : message.folder, message.uid);
        }
        if (!refused.empty()) {
            const auto sent = store_->quarantine(context_.mailbox.name, validity_, refused, path(quarantine_folder),
                                                 context_.clock.now());
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
        return static_cast<std::size_t>(std::min<std::uint64_t>(messages, chunk_messages));
    }

    Result<void> work(std::span<const std::string> chunk) {
        if (dry()) return read(chunk, {});
        auto planned = store_->plan(context_.mailbox.name, validity_, chunk);
        if (!planned) return planned.error();
        Uids readable;
        std::vector<MessageRecord> records;
        for (const auto& message : *planned) {
            if (message.attempts > context_.config.attempts)
                records.push_back(quarantine(message));
            else
                readable.push_back(message.uid);
        }
        const std::size_t quarantined = records.size();
        if (auto fetched = read(readable, [&](MessageRecord&& record) { records.push_back(std::move(record)); });
            !fetched)
            return broken_off(readable, std::move(records), quarantined, fetched.error());
        if (auto recorded = record(records, quarantined); !recorded) return recorded;
        return release_vanished(readable, records);
    }

    /// Keeps what came. The first message that did not is a suspect: it goes alone from the next pass on, and after some
    /// attempts to quarantine, lest it stop the queue for ever. The others were not to blame.
    Result<void> broken_off(const Uids& asked, std::vector<MessageRecord> records, std::size_t quarantined,
                            const Error& error) {
        if (auto recorded = record(records, quarantined); !recorded) return recorded;
        Uids missing = not_among(asked, records);
        if (!missing.empty()) {
            auto blamed =
                store_->not_read(context_.mailbox.name, validity_, missing.front(), error.what, context_.clock.now());
            if (!blamed) return blamed;
            missing.erase(missing.begin());
        }
        auto released = store_->release(context_.mailbox.name, validity_, missing);
        if (!released) return released;
        // The connection stands: the others may be read.
        if (!is_refusal(error.code)) return error;
        summary_.failures.push_back(error);
        return {};
    }

    Result<void> record(const std::vector<MessageRecord>& records, std::size_t quarantined) {
        const auto events = events_wanted(context_.config);
        auto folders = store_->record(records, context_.mailbox.retry, context_.clock.now(), events);
        if (!folders) return folders.error();
        for (std::size_t i = 0; i < records.size(); ++i) to_file((*folders)[i], records[i].key.uid);
        summary_.quarantined += quarantined;
        return {};
    }

    /// Fetched nothing for these: someone else moved or deleted them meanwhile.
    Result<void> release_vanished(const Uids& asked, const std::vector<MessageRecord>& records) {
        const Uids vanished = not_among(asked, records);
        if (vanished.empty()) return {};
        return store_->release(context_.mailbox.name, validity_, vanished);
    }

    static Uids not_among(const Uids& asked, const std::vector<MessageRecord>& records) {
        std::unordered_set<std::string> got;
        for (const auto& record : records) got.insert(record.key.uid);
        Uids out;
        for (const auto& uid : asked)
            if (!got.contains(uid)) out.push_back(uid);
        return out;
    }

    Result<void> read(std::span<const std::string> uids, const std::function<void(MessageRecord&&)>& keep) {
        if (uids.empty()) return {};
        Limits limits;
        limits.bytes = context_.config.fetch_bytes;
        return mailbox_.fetch(uids, context_.config.fetch_bytes, [&](FetchedMessage&& message) {
            context_.alive();
            context_.fetched(message.bytes.size());
            summary_.bytes += message.bytes.size();
            const Judgement judgement = context_.judge(message.bytes, limits);
            const std::string folder = path(folder_for(judgement));
            count(judgement, folder);
            if (context_.judged) context_.judged(judgement, message.uid, folder);
            if (keep) keep(make_record({context_.mailbox.name, validity_, message.uid}, message, judgement, folder));
        });
    }

    void count(const Judgement& judgement, const std::string& folder) {
        ++summary_.read;
        ++summary_.by_folder[folder];
        ++summary_.by_kind[judgement.report.kind];
        if (judgement.report.kind != Kind::bounce) return;
        for (const auto& verdict : judgement.verdicts) ++summary_.by_type[verdict.type];
    }

    MessageRecord quarantine(const Progress& message) {
        return make_quarantine_record({context_.mailbox.name, validity_, message.uid}, message, path(quarantine_folder),
                                      context_.clock.now());
    }

    void to_file(const std::string& folder, const std::string& uid) {
        filings_[folder].push_back(uid);
        ++waiting_;
    }

    /// A folder that refuses its messages does not stop the others; a broken connection does.
    Result<void> file_all() {
        if (dry()) return {};
        for (const auto& [folder, uids] : filings_) {
            // One of a batch may be why all were refused: on their last try messages go alone.
            Uids together;
            std::size_t refused_in_a_row = 0;
            for (const auto& uid : uids) {
                if (!last_tries_.contains(uid) || refused_in_a_row >= most_refused_alone) {
                    together.push_back(uid);
                    continue;
                }
                const auto failures = summary_.failures.size();
                if (auto filed = file(folder, {uid}); !filed) return filed;
                refused_in_a_row = summary_.failures.size() > failures ? refused_in_a_row + 1 : 0;
            }
            if (auto filed = file(folder, together); !filed) return filed;
        }
        filings_.clear();
        waiting_ = 0;
        return {};
    }

    Result<void> file(const std::string& folder, const Uids& uids) {
        if (uids.empty()) return {};
        context_.alive();
        auto moved = mailbox_.file({split_levels(folder), uids});
        if (moved) {
            const NewPlaces places{folder, moved->validity, std::move(moved->uids)};
            auto noted = store_->filed(context_.mailbox.name, validity_, uids, context_.clock.now(), places);
            if (noted) summary_.filed += uids.size();
            return noted;
        }
        Error error = moved.error();
        if (!is_refusal(error.code) && error.code != ErrorCode::output) return error;
        error.what = "nothing can be filed into " + folder + ": " + error.what;
        summary_.failures.push_back(error);
        // Where there is no room, there is none in quarantine either; and that is where all this ends.
        if (error.code == ErrorCode::no_room || folder == path(quarantine_folder)) return {};
        return store_->not_filed(context_.mailbox.name, validity_, uids, error.what, context_.clock.now());
    }

    [[nodiscard]] bool dry() const { return context_.mode == CycleMode::dry_run; }
    [[nodiscard]] std::string path(const std::string& folder) const {
        return folder_name(context_.mailbox.folders, folder);
    }

    Mailbox& mailbox_;
    Store* store_;
    const CycleContext& context_;
    std::string validity_;
    std::map<std::string, Uids> filings_;        ///< by folder: recorded, not moved yet
    std::size_t waiting_ = 0;                    ///< uids in filings_
    std::unordered_set<std::string> last_tries_; ///< uids that go to quarantine if their folder refuses them once more
    std::size_t done_ = 0;
    CycleSummary summary_;
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
    if (context.mode == CycleMode::dry_run) return Cycle(mailbox, store, context).run();
    const auto noticed = notice_moves(mailbox, *store, context);
    if (!noticed) return noticed.error();
    CycleContext rest = context;
    rest.budget -= std::min(rest.budget, noticed->bytes);
    return Cycle(mailbox, store, rest).run();
}

} // namespace nixie

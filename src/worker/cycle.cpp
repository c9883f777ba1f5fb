#include "worker/cycle.hpp"

#include <algorithm>
#include <cassert>
#include <span>
#include <unordered_set>

#include <fmt/format.h>

#include "worker/filing.hpp"
#include "worker/record.hpp"

namespace nixie {
namespace {

/// Messages read and recorded together.
constexpr std::size_t chunk_messages = 500;
/// Moves gather until a pass has that many, since each command costs the server far more than each message.
constexpr std::size_t messages_before_filing = 5000;

using Uids = std::vector<std::string>;

std::vector<std::string> split_levels(const std::string& folder) {
    std::vector<std::string> levels;
    std::size_t begin = 0;
    for (;;) {
        const auto end = folder.find('/', begin);
        levels.push_back(folder.substr(begin, end - begin));
        if (end == std::string::npos) return levels;
        begin = end + 1;
    }
}

class Cycle {
  public:
    Cycle(Mailbox& mailbox, Store* store, const CycleContext& context)
        : mailbox_(mailbox), store_(store), context_(context) {}

    Result<CycleSummary> run() {
        auto listing = mailbox_.list();
        if (!listing) return listing.error();
        validity_ = listing->validity;
        summary_.found = listing->uids.size();

        auto todo = sort_out(listing->uids);
        if (!todo) return todo.error();
        const std::size_t total = todo->fresh.size() + todo->suspects.size();
        context_.progress(0, total);

        // A message that reading began on and never finished may be to blame: it goes alone, behind the others.
        for (auto& [uids, step] : {std::pair{std::span<const std::string>(todo->fresh), chunk_messages},
                                   std::pair{std::span<const std::string>(todo->suspects), std::size_t{1}}}) {
            for (std::size_t at = 0; at < uids.size() && !context_.stop(); at += step) {
                const auto chunk = uids.subspan(at, std::min(step, uids.size() - at));
                if (auto worked = work(chunk); !worked) return worked.error();
                done_ += chunk.size();
                context_.progress(done_, total);
                if (waiting_ >= messages_before_filing)
                    if (auto filed = file_all(); !filed) return filed.error();
            }
        }
        if (auto filed = file_all(); !filed) return filed.error();
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
        for (const auto& message : *known) {
            seen.insert(message.uid);
            if (message.stage == Stage::planned)
                (message.attempts > 0 ? todo.suspects : todo.fresh).push_back(message.uid);
            else if (message.stage == Stage::filed) // and yet in the inbox: someone put it back under its old name
                to_file(message.folder, message.uid);
        }
        for (const auto& uid : uids)
            if (!seen.contains(uid)) todo.fresh.push_back(uid);

        // All that an earlier pass recorded and did not see filed, also what is no longer listed: a move may have been
        // broken off after the copy, and repeating it finishes it.
        auto unfiled = store_->unfiled(context_.mailbox.name, validity_);
        if (!unfiled) return unfiled.error();
        for (const auto& message : *unfiled) to_file(message.folder, message.uid);
        return todo;
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
            !fetched) {
            // The connection is to blame, not the messages.
            auto released = store_->release(context_.mailbox.name, validity_, readable);
            return released ? fetched.error() : released.error();
        }
        const auto events = context_.config.notify_command.empty() ? Events::drop : Events::queue;
        auto folders = store_->record(records, context_.mailbox.retry, context_.clock.now(), events);
        if (!folders) return folders.error();
        for (std::size_t i = 0; i < records.size(); ++i) to_file((*folders)[i], records[i].key.uid);
        summary_.quarantined += quarantined;
        return release_vanished(readable, records);
    }

    /// Fetched nothing for these: someone else moved or deleted them meanwhile.
    Result<void> release_vanished(const Uids& asked, const std::vector<MessageRecord>& records) {
        std::unordered_set<std::string> got;
        for (const auto& record : records) got.insert(record.key.uid);
        Uids vanished;
        for (const auto& uid : asked)
            if (!got.contains(uid)) vanished.push_back(uid);
        if (vanished.empty()) return {};
        return store_->release(context_.mailbox.name, validity_, vanished);
    }

    Result<void> read(std::span<const std::string> uids, const std::function<void(MessageRecord&&)>& keep) {
        if (uids.empty()) return {};
        Limits limits;
        limits.bytes = context_.config.fetch_bytes;
        return mailbox_.fetch(uids, context_.config.fetch_bytes, [&](FetchedMessage&& message) {
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
        return make_quarantine_record({context_.mailbox.name, validity_, message.uid}, message.attempts - 1,
                                      path(quarantine_folder), context_.clock.now());
    }

    void to_file(const std::string& folder, const std::string& uid) {
        filings_[folder].push_back(uid);
        ++waiting_;
    }

    /// A folder that refuses its messages does not stop the others; a broken connection does.
    Result<void> file_all() {
        if (dry()) return {};
        for (auto& [folder, uids] : filings_) {
            auto moved = mailbox_.file({split_levels(folder), uids});
            if (!moved) {
                const ErrorCode code = moved.error().code;
                if (!is_refusal(code) && code != ErrorCode::output) return moved.error();
                summary_.failures.push_back(moved.error());
                continue;
            }
            auto noted = store_->filed(context_.mailbox.name, validity_, uids, context_.clock.now());
            if (!noted) return noted;
            summary_.filed += uids.size();
        }
        filings_.clear();
        waiting_ = 0;
        return {};
    }

    [[nodiscard]] bool dry() const { return context_.mode == CycleMode::dry_run; }
    [[nodiscard]] std::string path(const std::string& folder) const {
        return fmt::format("{}", fmt::join(context_.mailbox.folders.path(folder), "/"));
    }

    Mailbox& mailbox_;
    Store* store_;
    const CycleContext& context_;
    std::string validity_;
    std::map<std::string, Uids> filings_; ///< by folder: recorded, not moved yet
    std::size_t waiting_ = 0;             ///< uids in filings_
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
    return Cycle(mailbox, store, context).run();
}

} // namespace nixie

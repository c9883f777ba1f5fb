#include "worker/reprocess.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "worker/answer.hpp"
#include "worker/circuit.hpp"
#include "worker/corrections.hpp"
#include "worker/filing.hpp"
#include "worker/journal.hpp"
#include "worker/mailboxes.hpp"
#include "worker/origin.hpp"
#include "worker/record.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

/// Messages read, recorded and moved together.
constexpr std::size_t messages_together = 500;

using Uids = std::vector<std::string>;

bool is_chosen(const OurFolder& folder, const ReprocessChoice& choice) {
    const auto& names = folder.defaults;
    if (!choice.folder) return names.front() != quarantine_folder;
    return folder.name == *choice.folder || std::find(names.begin(), names.end(), *choice.folder) != names.end();
}

class Reprocess {
  public:
    Reprocess(Mailbox& mailbox, Store& store, const CycleContext& context, const ReprocessChoice& choice)
        : mailbox_(mailbox), store_(store), context_(context), choice_(choice) {}

    Result<ReprocessSummary> run() {
        // What people moved since the last pass is theirs, not to be taken back.
        if (!dry()) {
            const auto noticed = notice_moves(mailbox_, store_, context_);
            if (!noticed) return noticed.error();
            fetched_ += noticed->bytes;
        }
        std::vector<OurFolder> folders;
        for (auto& folder : our_folders(context_.mailbox.folders))
            if (is_chosen(folder, choice_)) folders.push_back(std::move(folder));
        std::vector<FolderPath> paths;
        for (const auto& folder : folders) paths.push_back(folder.path);
        auto states = mailbox_.look(paths);
        if (!states) return states.error();
        for (std::size_t i = 0; i < folders.size() && goes_on(); ++i) {
            if (!(*states)[i].exists) continue;
            auto done = run_through(folders[i]);
            if (done) continue;
            const ErrorCode code = done.error().code;
            if (!is_refusal(code) && code != ErrorCode::output && code != ErrorCode::input) return done.error();
            summary_.failures.push_back(done.error());
        }
        if (budget_used_)
            summary_.failures.push_back({ErrorCode::busy,
                                         "the bytes of this day are used up, and not all was read again", "",
                                         "run through a folder a day with --folder, or raise `bytes_per_day`"});
        return summary_;
    }

  private:
    /// A message to be read again, and what the journal knows of it.
    using Chosen = std::map<std::string, Whereabouts>; // by uid

    [[nodiscard]] bool dry() const { return context_.mode == CycleMode::dry_run; }
    [[nodiscard]] bool goes_on() const { return !budget_used_ && !context_.stop(); }

    Result<void> run_through(const OurFolder& folder) {
        if (auto in = mailbox_.enter(folder.path, dry() ? Access::examine : Access::change); !in) return in;
        auto listing = mailbox_.list();
        if (!listing) return listing.error();
        const std::span<const std::string> uids(listing->uids);
        for (std::size_t at = 0; at < uids.size() && goes_on(); at += messages_together) {
            auto chosen = choose(folder, uids.subspan(at, std::min(messages_together, uids.size() - at)));
            if (!chosen) return chosen.error();
            auto judged = judge(folder, *chosen);
            if (!judged) return judged.error();
            if (auto settled = settle(folder, *judged); !settled) return settled;
        }
        return {};
    }

    Result<Chosen> choose(const OurFolder& folder, std::span<const std::string> uids) {
        auto rows = store_.messages_in(context_.mailbox.name, folder.name, uids);
        if (!rows) return rows.error();
        auto known = store_.whereabouts(*rows);
        if (!known) return known.error();
        std::map<std::int64_t, const Whereabouts*> by_row;
        for (const auto& message : *known) by_row[message.message] = &message;
        Chosen out;
        for (std::size_t i = 0; i < uids.size(); ++i) {
            const auto found = by_row.find((*rows)[i]);
            if (found == by_row.end())
                ++summary_.unrecorded;
            else if (is_answered(*found->second, folder, uids[i]))
                ++summary_.answered;
            else if (!choice_.since || found->second->arrived >= *choice_.since)
                out[uids[i]] = *found->second;
        }
        return out;
    }

    /// Whether it lies here because a person put it here.
    static bool is_answered(const Whereabouts& message, const OurFolder& folder, const std::string& uid) {
        if (message.corrected) return true;
        if (message.folder == folder.name) return false;
        return std::none_of(message.places.begin(), message.places.end(), [&](const FolderPlace& place) {
            return place.leaving && place.folder == folder.name && place.uid == uid;
        });
    }

    Result<std::vector<Rejudged>> judge(const OurFolder& folder, const Chosen& chosen) {
        Uids uids;
        for (const auto& message : chosen)
            if (!done_.contains(message.second.message) || message.second.folder != folder.name)
                uids.push_back(message.first);
        const auto affordable = (context_.budget - std::min(context_.budget, fetched_)) / context_.config.fetch_bytes;
        budget_used_ = uids.size() > affordable;
        if (budget_used_) uids.resize(static_cast<std::size_t>(affordable));
        std::vector<Rejudged> out;
        if (uids.empty()) return out;
        const auto fetched = mailbox_.fetch(uids, context_.config.fetch_bytes, [&](FetchedMessage&& message) {
            fetched_ += message.bytes.size();
            context_.fetched(message.bytes.size());
            const Judgement judgement = judge_with_origin(context_, message.bytes);
            const std::int64_t row = chosen.at(message.uid).message;
            done_.insert(row);
            out.push_back({row, FolderPlace{folder.name, message.uid, false},
                           make_record(context_, "", message, judgement,
                                       folder_name(context_.mailbox.folders, folder_for(judgement)))});
            if (context_.judged) context_.judged(judgement, message.uid, out.back().record.folder);
        });
        if (!fetched) return fetched.error();
        summary_.read += out.size();
        return out;
    }

    /// Records before it moves: what is cut off between the two is moved the next time.
    Result<void> settle(const OurFolder& folder, const std::vector<Rejudged>& judged) {
        if (!dry()) {
            const auto events = context_.config.notify.empty() ? Events::drop : Events::queue;
            auto changed = store_.rejudge(judged, retry_policies(context_.config), context_.clock.now(), events);
            if (!changed) return changed.error();
            summary_.changed += static_cast<std::size_t>(std::count(changed->begin(), changed->end(), true));
        }
        std::map<std::string, Uids> leaving;
        for (const auto& message : judged)
            if (message.record.folder != folder.name) leaving[message.record.folder].push_back(message.place.uid);
        for (const auto& [target, uids] : leaving)
            if (auto moved = move(folder, target, uids); !moved) return moved;
        return {};
    }

    Result<void> move(const OurFolder& folder, const std::string& target, const Uids& uids) {
        if (!dry()) {
            auto filed = mailbox_.file({split_levels(target), uids});
            if (!filed) {
                const ErrorCode code = filed.error().code;
                if (!is_refusal(code) && code != ErrorCode::output) return filed.error();
                summary_.failures.push_back(filed.error());
                return {};
            }
            NewPlaces places{target, filed->validity, std::move(filed->uids)};
            for (const auto& uid : uids) places.uids.try_emplace(uid, "");
            if (auto noted = store_.refiled(context_.mailbox.name, folder.name, places); !noted) return noted;
        }
        summary_.moved += uids.size();
        summary_.moves[{folder.name, target}] += uids.size();
        return {};
    }

    Mailbox& mailbox_;
    Store& store_;
    const CycleContext& context_;
    const ReprocessChoice& choice_;
    std::set<std::int64_t> done_; ///< messages judged in this run
    std::uint64_t fetched_ = 0;   ///< bytes
    bool budget_used_ = false;    ///< it did not suffice for another message
    ReprocessSummary summary_;
};

/// With what is left of the day's bytes, which the passes of the day count too.
Result<ReprocessSummary> reprocess_within_budget(Mailbox& mailbox, Store& store, CycleContext context,
                                                 const ReprocessChoice& choice) {
    // Of a POP3 mailbox only the tree on this machine is read.
    if (context.mailbox.protocol != Protocol::imap) return reprocess(mailbox, store, context, choice);
    auto noted = store.mailbox(context.mailbox.name);
    if (!noted) return noted.error();
    if (!*noted) return reprocess(mailbox, store, context, choice); // nobody ever worked on it
    Circuit circuit(**noted);
    context.budget = circuit.allowance(context.mailbox.bytes_per_day, context.clock.now());
    context.fetched = [&](std::size_t bytes) { circuit.fetched(bytes, context.clock.now()); };
    auto summary = reprocess(mailbox, store, context, choice);
    if (context.mode == CycleMode::work)
        if (auto counted = store.note(circuit.status()); summary && !counted) return counted.error();
    return summary;
}

Result<ReprocessSummary> reprocess_one(Store& store, CycleContext context, const ReprocessChoice& choice) {
    auto told = told_mailings(store, context.config, context.clock.now());
    if (!told) return told.error();
    context.told_mailings = std::move(told).value();
    auto mailbox = make_filed_mailbox(context.mailbox);
    if (!mailbox) return mailbox.error();
    const auto access = context.mode == CycleMode::work ? Access::change : Access::examine;
    if (auto opened = (*mailbox)->open(access); !opened) return opened.error();
    auto summary = reprocess_within_budget(**mailbox, store, context, choice);
    const auto closed = (*mailbox)->close();
    if (summary && !closed) return closed.error();
    return summary;
}

} // namespace

Result<ReprocessSummary> reprocess(Mailbox& mailbox, Store& store, const CycleContext& context,
                                   const ReprocessChoice& choice) {
    return Reprocess(mailbox, store, context, choice).run();
}

std::vector<ReprocessOutcome> reprocess_all(const Settings& settings, const ReprocessChoice& choice, CycleMode mode,
                                            const Clock& clock, const Signals& signals) {
    std::vector<ReprocessOutcome> out;
    const Config& config = settings.config;
    bool stopping = false;
    const auto stop = [&] {
        stopping = stopping || signals.take() == Signals::Asked::to_stop;
        return stopping;
    };
    auto store = open_journal(config, mode == CycleMode::work ? StoreAccess::write : StoreAccess::read);
    for (const auto& mailbox : config.mailboxes) {
        if (stop() || (choice.mailbox && mailbox.name != *choice.mailbox)) continue;
        CycleContext context{
            .mailbox = mailbox, .config = config, .judge = settings.judge, .clock = clock, .mode = mode};
        context.stop = stop;
        ReprocessOutcome outcome{mailbox.name, {}, {}};
        auto summary = store ? reprocess_one(*store, context, choice) : Result<ReprocessSummary>(store.error());
        if (summary)
            outcome.summary = std::move(summary).value();
        else
            outcome.failure = summary.error();
        out.push_back(std::move(outcome));
    }
    return out;
}

} // namespace nixie

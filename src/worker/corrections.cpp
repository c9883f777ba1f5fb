#include "worker/corrections.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "log/log.hpp"
#include "worker/answer.hpp"
#include "worker/filing.hpp"
#include "worker/origin.hpp"
#include "worker/record.hpp"
#include "worker/retry_policies.hpp"

namespace nixie {
namespace {

/// Messages of unknown content that one search reads: those that people moved, and on a server that does not tell how moved
/// messages are called (MOVE without COPYUID), all that was filed, once each: nothing but its content says which message it is,
/// and without that nobody could tell a person's later move from another message.
constexpr std::size_t most_messages_read = 2000;
constexpr std::size_t messages_at_once = 200;

using Uids = std::vector<std::string>;
using Rows = std::vector<std::int64_t>;

/// Calls `work` with `messages_at_once` of `items` at a time, until it fails or `stop` says so.
template <class Item, class Work>
Result<void> in_portions(const std::vector<Item>& items, const std::function<bool()>& stop, Work&& work) {
    for (std::size_t at = 0; at < items.size() && !stop(); at += messages_at_once) {
        const auto portion = std::span(items).subspan(at, std::min(messages_at_once, items.size() - at));
        if (auto done = work(portion); !done) return done;
    }
    return {};
}

std::optional<std::uint64_t> read_number(std::string_view text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

class MoveSearch {
  public:
    MoveSearch(Mailbox& mailbox, Store& store, const CycleContext& context)
        : mailbox_(mailbox), store_(store), context_(context), folders_(our_folders(context.mailbox.folders)) {}

    Result<MovesNoticed> run() {
        std::vector<FolderPath> paths;
        for (const auto& folder : folders_) paths.push_back(folder.path);
        auto states = mailbox_.look(paths);
        if (!states) {
            if (auto done = tolerate(states.error()); !done) return done.error();
            return noticed_;
        }
        auto earlier = store_.searched_folders(context_.mailbox.name);
        if (!earlier) return earlier.error();
        for (const auto& folder : *earlier) searched_[folder.folder] = folder;
        for (std::size_t i = 0; i < folders_.size() && !context_.stop(); ++i) {
            context_.alive();
            if (auto done = tolerate(search(folders_[i], (*states)[i])); !done) return done.error();
        }
        if (auto done = look_where_copies_are(); !done) return done.error();
        if (auto done = take_answers(); !done) return done.error();
        if (auto back = mailbox_.enter({}, Access::change); !back) return back.error();
        return noticed_;
    }

  private:
    /// One folder that is not to be had does not keep back the others.
    Result<void> tolerate(Result<void> done) {
        if (done || !(is_refusal(done.error().code) || done.error().code == ErrorCode::input)) return done;
        noticed_.failures.push_back(done.error());
        return {};
    }

    Result<void> search(const OurFolder& folder, const FolderState& state) {
        if (!state.exists) return {};
        const auto known = searched_.find(folder.name);
        SearchedFolder before = known == searched_.end() ? SearchedFolder{folder.name, {}, {}, {}, 0} : known->second;
        if (before.validity != state.validity) before = {folder.name, {}, {}, {}, 0};
        if (!state.mark.empty() && state.mark == before.mark) return {};
        auto ours = is_our_doing(folder, before, state);
        if (!ours) return ours.error();
        if (*ours)
            return store_.searched(context_.mailbox.name,
                                   {folder.name, state.validity, state.next, state.mark, state.messages});
        if (auto in = mailbox_.enter(folder.path, Access::examine); !in) return in;

        const bool all = state.next.empty() || before.next.empty();
        auto listing = all ? mailbox_.list() : mailbox_.list_from(before.next);
        if (!listing) return listing.error();
        auto unknown = store_.unknown_in(context_.mailbox.name, folder.name, listing->validity, listing->uids);
        if (!unknown) return unknown.error();
        const std::size_t reading = std::min(unknown->size(), affordable());
        const bool complete = reading == unknown->size();
        SearchedFolder after{folder.name, listing->validity, complete ? state.next : (*unknown)[reading],
                             complete ? state.mark : "", state.messages};
        if (!complete) unknown->resize(reading);
        if (auto read = recognise(folder, listing->validity, *unknown); !read) return read;
        const bool some_left = !all && before.messages + listing->uids.size() != state.messages;
        if (all || some_left)
            if (auto left = notice_departures(folder, all ? &*listing : nullptr); !left) return left;
        return store_.searched(context_.mailbox.name, after);
    }

    /// Whether all that came since is what was filed there, and nothing left: then there is no need to look.
    Result<bool> is_our_doing(const OurFolder& folder, const SearchedFolder& before, const FolderState& state) {
        const auto next = read_number(state.next);
        const auto next_before = before.next.empty() ? std::optional<std::uint64_t>(1) : read_number(before.next);
        if (!next || !next_before) return false;
        auto filed = store_.known_from(context_.mailbox.name, folder.name, state.validity, *next_before);
        if (!filed) return filed.error();
        return before.messages + *filed == state.messages && *next_before + *filed == *next;
    }

    [[nodiscard]] std::size_t affordable() const {
        const std::uint64_t left = context_.budget - std::min(context_.budget, noticed_.bytes);
        const std::uint64_t messages = left / context_.config.fetch_bytes;
        return static_cast<std::size_t>(std::min<std::uint64_t>(messages, most_messages_read - read_));
    }

    void note_fetched(const FetchedMessage& message) {
        noticed_.bytes += message.bytes.size();
        context_.fetched(message.bytes.size());
    }

    /// Finds out by their content what these messages are.
    Result<void> recognise(const OurFolder& folder, const std::string& validity, const Uids& uids) {
        read_ += uids.size();
        return in_portions(uids, context_.stop, [&](std::span<const std::string> portion) -> Result<void> {
            std::vector<FoundMessage> messages;
            const auto fetched = mailbox_.fetch(portion, context_.config.fetch_bytes, [&](FetchedMessage&& message) {
                note_fetched(message);
                messages.push_back({std::move(message.uid), sha256_hex(message.bytes)});
            });
            if (!fetched) return fetched;
            auto rows = store_.found(context_.mailbox.name, folder.name, validity, messages);
            if (!rows) return rows.error();
            touch(*rows);
            return {};
        });
    }

    /// The mailbox is in that folder.
    Result<void> notice_departures(const OurFolder& folder, const Listing* all) {
        if (!all) {
            auto listing = mailbox_.list();
            if (!listing) return listing.error();
            return notice_departures(folder, &*listing);
        }
        wholly_listed_.insert(folder.name);
        auto rows = store_.lost(context_.mailbox.name, folder.name, all->uids);
        if (!rows) return rows.error();
        touch(*rows);
        return {};
    }

    void touch(const Rows& rows) {
        for (const std::int64_t row : rows)
            if (row != 0) touched_.insert(row);
    }

    Result<std::vector<Whereabouts>> whereabouts() {
        const Rows rows(touched_.begin(), touched_.end());
        return store_.whereabouts(rows);
    }

    /// A message that is known to lie in two folders was copied, or moved by a client that copies first: only the folder itself
    /// tells.
    Result<void> look_where_copies_are() {
        auto messages = whereabouts();
        if (!messages) return messages.error();
        std::set<std::string> doubtful;
        for (const auto& message : *messages) {
            std::set<std::string> places;
            for (const auto& place : message.places) places.insert(place.folder);
            if (places.size() > 1) doubtful.merge(places);
        }
        for (const auto& folder : folders_) {
            if (!doubtful.contains(folder.name) || wholly_listed_.contains(folder.name)) continue;
            auto in = mailbox_.enter(folder.path, Access::examine);
            if (auto done = tolerate(in ? notice_departures(folder, nullptr) : in); !done) return done;
        }
        return {};
    }

    /// A message was moved by a person if it lies in folders of ours, but not where it belongs.
    Result<void> take_answers() {
        auto messages = whereabouts();
        if (!messages) return messages.error();
        Rows gone;
        std::map<std::string, std::map<std::string, std::int64_t>> moved; // folder -> uid -> message
        for (const auto& message : *messages) {
            const FolderPlace* last = nullptr;
            bool stays = false;
            for (const auto& place : message.places) {
                stays = stays || place.leaving || place.folder == message.folder;
                last = &place;
            }
            if (!last)
                gone.push_back(message.message);
            else if (!stays && !message.failed)
                moved[last->folder][last->uid] = message.message;
        }
        noticed_.gone = gone.size();
        if (auto noted = store_.gone(gone, context_.clock.now()); !noted) return noted;
        for (const auto& folder : folders_)
            if (const auto found = moved.find(folder.name); found != moved.end())
                if (auto done = tolerate(take_answers(folder, found->second)); !done) return done;
        return {};
    }

    Result<void> take_answers(const OurFolder& folder, const std::map<std::string, std::int64_t>& messages) {
        if (!meaning_of(folder.defaults.front())) return {};
        if (auto in = mailbox_.enter(folder.path, Access::examine); !in) return in;
        // Selecting is not listing: a Maildir looks its files up anew.
        if (auto listing = mailbox_.list(); !listing) return listing.error();
        Uids uids;
        for (const auto& message : messages) uids.push_back(message.first);
        const auto events = context_.config.notify.empty() ? Events::drop : Events::queue;
        return in_portions(uids, context_.stop, [&](std::span<const std::string> portion) -> Result<void> {
            std::vector<Answer> answers;
            const auto fetched = mailbox_.fetch(portion, context_.config.fetch_bytes, [&](FetchedMessage&& message) {
                note_fetched(message);
                answers.push_back(answer_of(folder, messages.at(message.uid), message));
            });
            if (!fetched) return fetched;
            noticed_.answers += answers.size();
            return store_.answer(answers, retry_policies(context_.config), context_.clock.now(), events);
        });
    }

    Answer answer_of(const OurFolder& folder, std::int64_t row, const FetchedMessage& message) {
        const Judgement judgement = judge_with_origin(context_, message.bytes);
        const std::string by_rules = folder_for(judgement);
        Answer answer;
        answer.message = row;
        answer.folder = folder.name;
        answer.judged = make_record(context_, "", message, judgement, folder_name(context_.mailbox.folders, by_rules));
        const bool agrees = answer.judged.folder == folder.name;
        answer.corrected =
            agrees ? answer.judged : corrected(answer.judged, judgement, *meaning_of(folder.defaults.front()));
        return answer;
    }

    Mailbox& mailbox_;
    Store& store_;
    const CycleContext& context_;
    std::vector<OurFolder> folders_;
    std::map<std::string, SearchedFolder> searched_; ///< as of the last search
    std::set<std::string> wholly_listed_;            ///< in this search
    std::set<std::int64_t> touched_;                 ///< messages that came or left
    std::size_t read_ = 0;
    MovesNoticed noticed_;
};

} // namespace

Result<MovesNoticed> notice_moves(Mailbox& mailbox, Store& store, const CycleContext& context) {
    auto noticed = MoveSearch(mailbox, store, context).run();
    if (!noticed) return noticed;
    for (const auto& failure : noticed->failures) log(LogLevel::warning, failure, {{"mailbox", context.mailbox.name}});
    if (noticed->answers > 0)
        log(LogLevel::info, "moved by a person: `nixie corrections` shows them",
            {{"mailbox", context.mailbox.name}, {"messages", noticed->answers}});
    return noticed;
}

} // namespace nixie

#include "worker/moves.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "worker/filing.hpp"
#include "worker/labels.hpp"

namespace nixie {
namespace {

/// So many messages in a row are refused alone before the rest of their folder goes together: the folder is to blame.
constexpr std::size_t most_refused_alone = 3;
/// Confirmed moves are noted together.
constexpr std::size_t noted_together = 500;

} // namespace

void Moves::add(const std::string& folder, const std::string& uid) {
    by_folder_[folder].push_back(uid);
    ++waiting_;
}

Result<void> Moves::carry_out() {
    std::vector<Filing> filings;
    for (const auto& [folder, uids] : std::exchange(by_folder_, {})) {
        // One of a batch may be why all were refused: on their last try messages go alone.
        Uids together;
        std::size_t refused_in_a_row = 0;
        for (const auto& uid : uids) {
            if (!last_tries_.contains(uid) || refused_in_a_row >= most_refused_alone) {
                together.push_back(uid);
                continue;
            }
            const auto failures = summary_.failures.size();
            if (auto filed = file({{split_levels(folder), {uid}}}); !filed) return filed;
            refused_in_a_row = summary_.failures.size() > failures ? refused_in_a_row + 1 : 0;
        }
        if (!together.empty()) filings.push_back({split_levels(folder), std::move(together)});
    }
    waiting_ = 0;
    return file(std::move(filings));
}

Result<void> Moves::file(std::vector<Filing> filings) {
    std::vector<Refusal> refusals;
    auto filed = move(std::move(filings), refusals);
    for (const auto& [filing, error] : refusals) {
        const bool may_fit_in_part = filed && error.code == ErrorCode::no_room;
        if (auto noted = may_fit_in_part ? fill(filing, error) : refused(filing, error); !noted) return noted;
    }
    return filed;
}

/// A server refuses as a whole what does not fit as a whole: the room that is left is filled by halves.
Result<void> Moves::fill(const Filing& filing, Error error) {
    std::span<const std::string> rest(filing.uids);
    for (std::size_t size = rest.size() / 2; size > 0 && error.code == ErrorCode::no_room; size /= 2) {
        const auto part = rest.first(std::min(size, rest.size()));
        std::vector<Refusal> refusals;
        if (auto filed = move({{filing.folder, Uids(part.begin(), part.end())}}, refusals); !filed) return filed;
        if (refusals.empty())
            rest = rest.subspan(part.size());
        else
            error = refusals.front().error;
    }
    return rest.empty() ? Result<void>{} : refused({filing.folder, Uids(rest.begin(), rest.end())}, error);
}

Result<void> Moves::move(std::vector<Filing> filings, std::vector<Refusal>& refusals) {
    if (filings.empty()) return {};
    if (auto marked = mark(filings); !marked) return marked;
    context_.alive();
    Confirmed confirmed;
    Result<void> noted;
    const auto filed = mailbox_.file_all(filings, [&](const Filing& filing, const Result<Filed>& moved) {
        context_.alive();
        if (moved) {
            confirmed.uids.insert(confirmed.uids.end(), filing.uids.begin(), filing.uids.end());
            confirmed.places.push_back({join_levels(filing.folder), moved->validity, moved->uids});
            if (noted && confirmed.uids.size() >= noted_together) noted = note_filed(confirmed);
        } else {
            refusals.push_back({filing, moved.error()});
        }
    });
    if (noted) noted = note_filed(confirmed);
    return noted ? filed : noted;
}

/// With the keywords that they carry from then on.
Result<void> Moves::mark(std::vector<Filing>& filings) {
    if (!context_.mailbox.keywords || !mailbox_.keeps_keywords()) return {};
    for (auto& filing : filings) {
        auto markings = markings_of(store_, context_.mailbox, summary_.validity, filing.uids);
        if (!markings) return markings.error();
        filing.markings = std::move(markings).value();
    }
    return {};
}

Result<void> Moves::note_filed(Confirmed& confirmed) {
    const auto [uids, places] = std::exchange(confirmed, {});
    if (uids.empty()) return {};
    auto noted = store_.filed(context_.mailbox.name, summary_.validity, uids, context_.clock.now(), places);
    if (noted) summary_.filed += uids.size();
    return noted;
}

Result<void> Moves::refused(const Filing& filing, Error error) {
    error.what = "nothing can be filed into " + join_levels(filing.folder) + ": " + error.what;
    summary_.failures.push_back(error);
    // Where there is no room, there is none in quarantine either; and that is where all this ends.
    const std::string quarantine = folder_name(context_.mailbox.folders, quarantine_folder);
    if (error.code == ErrorCode::no_room || filing.folder == split_levels(quarantine)) return {};
    return store_.not_filed(context_.mailbox.name, summary_.validity, filing.uids, error.what, context_.clock.now());
}

} // namespace nixie

#include "mailbox/imap/filing.hpp"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <map>
#include <utility>

#include "mailbox/imap/copy_uid.hpp"
#include "mailbox/imap/fingerprint.hpp"
#include "mailbox/imap/refusal.hpp"

namespace nixie {
namespace {

constexpr std::size_t filing_batch = 10'000;

ImapCommand store_command(const UidSet& set, std::string_view flags) {
    return ImapCommand("UID STORE ").text(set.text).text(" +FLAGS.SILENT (").text(flags).text(")");
}

ImapCommand transfer_command(std::string_view verb, const UidSet& set, const std::string& folder) {
    return ImapCommand(verb).text(set.text).text(" ").string(folder);
}

/// To the filing whose messages it names: the server answers in any order.
void attribute_copy_uid(const ImapResponse& response, std::span<const Filing> filings, std::vector<Filed>& filed) {
    Filed told;
    read_copy_uid(response, told);
    if (told.uids.empty()) return;
    const std::string& uid = told.uids.begin()->first;
    for (std::size_t i = 0; i < filings.size(); ++i) {
        if (std::find(filings[i].uids.begin(), filings[i].uids.end(), uid) == filings[i].uids.end()) continue;
        filed[i].validity = told.validity;
        filed[i].uids.merge(told.uids);
        return;
    }
}

/// Runs all; the first refusal is the Error.
Result<void> require_all(ImapSession& session, const std::vector<ImapCommand>& commands) {
    const auto answers = session.run_all(commands);
    if (!answers) return answers.error();
    for (std::size_t i = 0; i < commands.size(); ++i)
        if (answers.value()[i].name != "OK") return refusal(commands[i], answers.value()[i]);
    return {};
}

} // namespace

MoveMethod move_method(const ImapSession& session) {
    if (session.offers("MOVE")) return MoveMethod::move;
    return session.offers("UIDPLUS") ? MoveMethod::copy_uid_expunge : MoveMethod::copy_expunge;
}

std::string_view describe(MoveMethod method) {
    switch (method) {
        case MoveMethod::move:
            return "MOVE";
        case MoveMethod::copy_uid_expunge:
            return "COPY, UID EXPUNGE";
        case MoveMethod::copy_expunge:
            break;
    }
    return "COPY, EXPUNGE if nothing else is marked deleted";
}

Result<Filed> ImapFiling::file(const Filing& filing) {
    assert(!filing.folder.empty());
    const auto uids = read_uids(filing.uids);
    if (uids.empty()) return Filed{};
    const auto folder = folders_.ensure(filing.folder);
    if (!folder) return folder.error();
    if (move_method(session_) == MoveMethod::move) return transfer("UID MOVE ", filing, uids);
    auto done = copy_and_remove(filing, uids, *folder);
    interrupted_ = interrupted_ || !done;
    return done;
}

/// Whatever is not confirmed at once goes the way of a single folder, which knows what to do about each refusal.
Result<void> ImapFiling::file_all(std::span<const Filing> filings, const Mailbox::Outcome& outcome) {
    assert(move_method(session_) == MoveMethod::move);
    // One shows where folders are to be made and how they are spelled there, if that is not plain.
    for (const auto& filing : filings) {
        if (folders_.is_plain(filing.folder)) break;
        const auto there = folders_.ensure(filing.folder);
        if (there) break;
        if (session_.broken()) return there.error();
    }
    std::vector<ImapCommand> commands = make_folders(filings);
    const std::size_t first_mark = commands.size();
    for (auto& mark : marking_commands(filings)) commands.push_back(std::move(mark));
    const std::size_t first_move = commands.size();
    std::vector<std::size_t> owners;                         // of the moves
    std::vector<std::size_t> unconfirmed(filings.size(), 0); // moves
    for (std::size_t i = 0; i < filings.size(); ++i)
        for (const auto& set : make_sets(read_uids(filings[i].uids), filing_batch)) {
            commands.push_back(transfer_command("UID MOVE ", set, folders_.name(filings[i].folder)));
            owners.push_back(i);
            ++unconfirmed[i];
        }
    std::vector<Filed> filed(filings.size());
    const auto confirmed = [&](std::size_t owner) {
        if (--unconfirmed[owner] != 0) return;
        folders_.remember(filings[owner].folder);
        outcome(filings[owner], std::move(filed[owner])); // at once: the server has other moves to do meanwhile
    };
    const auto answered = [&](std::size_t index, ImapResponse&& answer) {
        if (index >= first_move && answer.name == "OK") confirmed(owners[index - first_move]);
        if (index >= first_mark && index < first_move) marked(answer);
    };
    const auto sent = session_.run_all(commands, answered, [&](ImapResponse& response) -> Result<void> {
        attribute_copy_uid(response, filings, filed);
        return {};
    });
    if (!sent) return sent;
    for (std::size_t i = 0; i < filings.size(); ++i) {
        if (unconfirmed[i] == 0) continue;
        auto alone = file(filings[i]);
        if (!alone && (session_.broken() || !concerns_one_folder(alone.error().code))) return alone.error();
        if (alone) alone->uids.merge(filed[i].uids);
        outcome(filings[i], alone);
    }
    return {};
}

/// CREATE and SUBSCRIBE for each that is missing. That they are refused shows in what is done with the folder.
std::vector<ImapCommand> ImapFiling::make_folders(std::span<const Filing> filings) const {
    std::vector<ImapCommand> commands;
    std::set<std::string> made;
    for (const auto& filing : filings)
        for (const auto& folder : folders_.missing(filing.folder)) {
            if (!made.insert(folder).second) continue;
            commands.push_back(ImapCommand("CREATE ").string(folder));
            commands.push_back(ImapCommand("SUBSCRIBE ").string(folder));
        }
    return commands;
}

/// A STORE for each set of keywords that the folder keeps, wherever the messages go: each costs the server a write.
std::vector<ImapCommand> ImapFiling::marking_commands(std::span<const Filing> filings) const {
    std::vector<ImapCommand> commands;
    if (!takes_marks_) return commands;
    std::map<std::string, std::vector<ImapUid>> by_keywords;
    for (const auto& filing : filings)
        for (const auto& marking : filing.markings) {
            std::string keywords;
            for (const auto& keyword : marking.keywords)
                if (selected_.keeps(keyword)) keywords.append(keywords.empty() ? "" : " ").append(keyword);
            if (keywords.empty()) continue;
            const auto uids = read_uids(marking.uids);
            auto& all = by_keywords[keywords];
            all.insert(all.end(), uids.begin(), uids.end());
        }
    for (auto& [keywords, uids] : by_keywords)
        for (const auto& set : make_sets(std::move(uids), session_.at_most(filing_batch)))
            commands.push_back(store_command(set, keywords));
    return commands;
}

/// That a mark is refused is no reason not to file; the server is not asked again.
void ImapFiling::marked(const ImapResponse& answer) {
    if (answer.name == "OK" || !takes_marks_) return;
    takes_marks_ = false;
    log_("the server refused to mark messages with keywords: " + answer.text);
}

/// MOVE or COPY. Once more where the folder has gone since it was listed, or another session removed messages meanwhile.
Result<Filed> ImapFiling::transfer(std::string_view verb, const Filing& filing, std::vector<ImapUid> uids) {
    const FolderPath& levels = filing.folder;
    Filed filed;
    std::optional<Error> refused;
    std::vector<ImapCommand> commands = marking_commands({&filing, 1});
    for (int attempt = 0; attempt < 2 && !uids.empty(); ++attempt) {
        const std::string folder = folders_.name(levels);
        const auto sets = make_sets(std::exchange(uids, {}), session_.at_most(filing_batch));
        const std::size_t marks = commands.size();
        for (const auto& set : sets) commands.push_back(transfer_command(verb, set, folder));
        const auto answers = session_.run_all(commands, [&](ImapResponse& response) -> Result<void> {
            read_copy_uid(response, filed);
            return {};
        });
        if (!answers) return answers.error();
        refused.reset();
        bool gone = false;
        for (std::size_t i = 0; i < marks; ++i) marked(answers.value()[i]);
        for (std::size_t i = 0; i < sets.size(); ++i) {
            const auto& answer = answers.value()[marks + i];
            read_copy_uid(answer, filed);
            if (answer.name == "OK") continue;
            refused = refusal(commands[marks + i], answer);
            const auto no_folder = says_no_folder(answer, folder);
            if (!no_folder) return no_folder.error();
            if (!*no_folder && answer.code != "EXPUNGEISSUED") return *refused;
            gone = gone || *no_folder;
            uids.insert(uids.end(), sets[i].uids.begin(), sets[i].uids.end());
        }
        commands.clear(); // what is marked stays so
        if (gone) {
            folders_.forget(levels);
            if (const auto created = folders_.ensure(levels); !created) return created.error();
        }
    }
    if (refused) return *refused;
    return filed;
}

/// Whether MOVE or COPY was refused because `folder` is not there. Servers older than RFC 5530 give no code: ask.
Result<bool> ImapFiling::says_no_folder(const ImapResponse& answer, const std::string& folder) {
    if (answer.code == "TRYCREATE" || answer.code == "NONEXISTENT") return true;
    if (answer.name != "NO" || !answer.code.empty()) return false;
    const auto there = folders_.find(folder);
    if (!there) return there.error();
    return !*there;
}

Result<Filed> ImapFiling::copy_and_remove(const Filing& filing, const std::vector<ImapUid>& uids,
                                          ImapFolders::Ensured folder) {
    const FolderPath& levels = filing.folder;
    std::vector<ImapUid> to_copy = uids;
    const auto doubtful = folder == ImapFolders::Ensured::created ? std::vector<ImapUid>{} : suspects(uids);
    if (!doubtful.empty()) {
        auto there = already_copied(folders_.name(levels), doubtful);
        if (!there && !session_.broken()) {
            // Perhaps the folder has gone since it was listed; a new one holds nothing.
            folders_.forget(levels);
            const auto again = folders_.ensure(levels);
            if (again && *again == ImapFolders::Ensured::created) there = std::set<ImapUid>{};
        }
        if (!there) return there.error();
        std::erase_if(to_copy, [&](ImapUid uid) { return there->contains(uid); });
        if (!there->empty())
            log_(std::to_string(there->size()) + " message(s) were in the folder already and are not copied again");
    }
    auto copied = transfer("UID COPY ", filing, std::move(to_copy));
    if (!copied) return copied;
    if (auto removed = remove(uids); !removed) return removed.error();
    return copied;
}

std::vector<ImapUid> ImapFiling::suspects(const std::vector<ImapUid>& uids) const {
    if (interrupted_ || selected_.uid_next == 0) return uids;
    std::vector<ImapUid> old;
    std::copy_if(uids.begin(), uids.end(), std::back_inserter(old),
                 [&](ImapUid uid) { return uid < selected_.uid_next; });
    return old;
}

/// Those of `uids` that `folder` holds already. Looks there in place of the selected folder and comes back.
Result<std::set<ImapUid>> ImapFiling::already_copied(const std::string& folder, const std::vector<ImapUid>& uids) {
    const auto originals = fetch_fingerprints(session_, uids);
    if (!originals) return originals.error();
    const bool arrivals = session_.arrivals();
    const auto messages = session_.exists();
    auto copies = fingerprints_in(session_, folder, earliest(*originals));
    if (session_.broken()) return copies.error();
    if (auto back = return_to_selected(); !back) return back.error();
    // The EXISTS of the other folder announced nothing here.
    if (!arrivals && session_.exists() <= messages) session_.forget_arrivals();
    if (!copies) return copies.error();
    return matching(*originals, *copies);
}

Result<void> ImapFiling::return_to_selected() {
    const auto again = select_folder(session_, selected_.name, Access::change);
    if (!again) return again.error();
    if (again->validity != selected_.validity)
        return Error{ErrorCode::unavailable, "the folder was replaced while it was open (its UIDVALIDITY changed)", "",
                     "open it again"};
    return {};
}

Result<void> ImapFiling::remove(const std::vector<ImapUid>& uids) {
    const bool exact = move_method(session_) == MoveMethod::copy_uid_expunge;
    std::vector<ImapCommand> commands;
    for (const auto& set : make_sets(uids, session_.at_most(filing_batch))) {
        commands.push_back(store_command(set, "\\Deleted"));
        if (exact) commands.push_back(ImapCommand("UID EXPUNGE ").text(set.text));
    }
    if (auto removed = require_all(session_, commands); !removed) return removed;
    return exact ? Result<void>{} : expunge_if_alone(uids);
}

/// EXPUNGE removes whatever is marked deleted, also what another client marked and may want back. What is marked between
/// the SEARCH and the EXPUNGE goes too: RFC 3501 alone has no means against that.
Result<void> ImapFiling::expunge_if_alone(const std::vector<ImapUid>& uids) {
    left_marked_.insert(uids.begin(), uids.end());
    const auto marked = search(session_, "DELETED");
    if (!marked) return marked.error();
    const auto foreign =
        std::count_if(marked->begin(), marked->end(), [&](ImapUid uid) { return !left_marked_.contains(uid); });
    if (foreign > 0) {
        log_("other messages in the folder are marked deleted, so " + std::to_string(left_marked_.size()) +
             " filed one(s) stay there, marked deleted too: the server cannot remove single messages (no UIDPLUS)");
        return {};
    }
    if (auto expunged = session_.require(ImapCommand("EXPUNGE")); !expunged) return expunged.error();
    left_marked_.clear();
    return {};
}

} // namespace nixie

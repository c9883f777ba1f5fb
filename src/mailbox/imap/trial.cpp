#include "mailbox/imap/trial.hpp"

#include <algorithm>

#include "mailbox/imap/append.hpp"
#include "mailbox/imap/fetch.hpp"
#include "mailbox/imap/filing.hpp"
#include "mailbox/imap/refusal.hpp"
#include "mailbox/imap/select.hpp"

namespace nixie {

ImapTrial::ImapTrial(ImapSession& session, ImapFolders& folders, FolderPath root, const Clock& clock, ImapLog log)
    : session_(session), folders_(folders), root_(std::move(root)), clock_(clock), log_(std::move(log)) {}

FolderPath ImapTrial::folder(std::size_t number) const {
    FolderPath path = root_;
    path.emplace_back(trial_folders[number]);
    return path;
}

FilingTrial ImapTrial::run() {
    FilingTrial trial;
    const auto step = [&](const char* what, const Result<void>& done) {
        trial.steps.push_back({what, done ? std::nullopt : std::optional(done.error())});
        return done.ok();
    };
    if (step("create folders", create()) && step("append a message", append(trial))) step("move it", move());
    return trial;
}

Result<void> ImapTrial::create() {
    const auto before = folders_.list();
    if (!before) return before.error();
    const auto was_there = [&, separator = folders_.space().separator](const std::string& name) {
        return std::any_of(before->begin(), before->end(), [&](const auto& known) {
            return canonical_folder(known, separator) == canonical_folder(name, separator);
        });
    };
    Result<void> out;
    for (std::size_t number = 0; number < trial_folders.size() && out; ++number) {
        const auto ensured = folders_.ensure(folder(number));
        if (!ensured) out = ensured.error();
        // Also of one that failed: what is above it may have been made.
        made_.insert(made_.begin(), folders_.name(folder(number)));
    }
    for (std::size_t depth = root_.size(); depth > 0; --depth)
        if (auto above = folders_.name(std::span(root_).first(depth)); !was_there(above))
            made_.push_back(std::move(above));
    return out;
}

Result<void> ImapTrial::append(FilingTrial& trial) {
    const std::string name = folders_.name(folder(0));
    const Time before = clock_.now();
    if (auto appended = append_message(session_, name, trial_message, "", std::nullopt); !appended) return appended;
    const Time after = clock_.now();
    trial.sent = before + (after - before) / 2;
    if (auto selected = select_folder(session_, name, Access::examine); !selected) return selected.error();
    const auto fetched =
        session_.require(ImapCommand("UID FETCH 1:* (UID INTERNALDATE)"), [&](ImapResponse& response) -> Result<void> {
            if (const auto* const uid = fetch_item(response, "UID")) uids_.push_back(uid->text);
            if (const auto* const date = fetch_item(response, "INTERNALDATE"))
                trial.received = parse_mail_date(date->text);
            return {};
        });
    if (!fetched) return fetched.error();
    if (uids_.empty()) return Error{ErrorCode::refused, "the appended message is not in its folder"};
    return {};
}

Result<void> ImapTrial::move() {
    auto selected = select_folder(session_, folders_.name(folder(0)), Access::change);
    if (!selected) return selected.error();
    ImapFiling filing(session_, folders_, std::move(*selected), log_);
    if (auto filed = filing.file({folder(1), uids_}); !filed) return filed.error();
    if (auto there = select_folder(session_, folders_.name(folder(1)), Access::examine); !there) return there.error();
    if (session_.exists() < uids_.size())
        return Error{ErrorCode::refused, "the server moved the message, but it is not in its new folder"};
    return {};
}

Result<void> remove_folders(ImapSession& session, const std::string& inbox, const std::vector<std::string>& names) {
    // A folder that is selected cannot be deleted everywhere.
    if (auto left = select_folder(session, inbox, Access::examine); !left) return left.error();
    Result<void> out;
    for (const auto& name : names) {
        const ImapCommand remove = ImapCommand("DELETE ").string(name);
        const auto answers =
            session.run_all(std::vector<ImapCommand>{ImapCommand("UNSUBSCRIBE ").string(name), remove});
        if (!answers) return answers.error();
        const auto& removed = answers->back();
        if (removed.name == "OK" || removed.code == "NONEXISTENT" || !out) continue;
        Error error = refusal(remove, removed);
        error.remedy = "delete the folder " + name + " by hand";
        out = error;
    }
    return out;
}

} // namespace nixie

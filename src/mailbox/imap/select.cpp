#include "mailbox/imap/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "base/text.hpp"
#include "mailbox/imap/refusal.hpp"

namespace nixie {
namespace {

/// A range in an ESEARCH answer costs the server nothing; this is what we are willing to write out.
constexpr std::size_t messages_limit = 20'000'000;

Result<void> read_search(const ImapResponse& response, std::vector<ImapUid>& found) {
    if (response.name == "SEARCH") {
        found.insert(found.end(), response.numbers.begin(), response.numbers.end());
        return {};
    }
    if (response.name != "ESEARCH") return {};
    for (std::size_t i = 0; i + 1 < response.values.size(); ++i) {
        if (!equals_ignoring_case(response.values[i].text, "ALL")) continue;
        const auto uids = read_set(response.values[i + 1].text, messages_limit);
        if (!uids) return Error{ErrorCode::protocol, "the server's answer to SEARCH is no set of UIDs"};
        found.insert(found.end(), uids->begin(), uids->end());
    }
    return {};
}

ImapCommand search_command(const ImapSession& session, std::string_view criteria) {
    return ImapCommand(session.offers("ESEARCH") ? "UID SEARCH RETURN (ALL) " : "UID SEARCH ").text(criteria);
}

std::vector<ImapUid> in_order(std::vector<ImapUid>&& found) {
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return std::move(found);
}

/// For a server without lasting UIDs: what was recorded under another validity is void, and messages are known again by
/// their content.
std::string passing_validity() {
    std::random_device random;
    return fmt::format("session-{:08x}{:08x}", random(), random());
}

/// "(\\Seen \\*)" as " \\seen \\* ".
std::string spaced(std::string_view list) {
    std::string out = to_lower(list);
    std::replace_if(
        out.begin(), out.end(), [](char c) { return c == '(' || c == ')'; }, ' ');
    return " " + out + " ";
}

} // namespace

/// RFC 3501 section 7.1.
bool SelectedFolder::keeps_new_keywords() const { return flags.find(" \\* ") != std::string::npos; }

bool SelectedFolder::keeps(std::string_view keyword) const {
    return keeps_new_keywords() || flags.find(fmt::format(" {} ", to_lower(keyword))) != std::string::npos;
}

FolderSelection::FolderSelection(ImapSession& session, std::string name, Access access)
    : session_(session), access_(access) {
    folder_.name = std::move(name);
    session_.expect_validity({});
}

ImapCommand FolderSelection::command() const {
    ImapCommand command(access_ == Access::change ? "SELECT " : "EXAMINE ");
    command.string(folder_.name);
    return command;
}

void FolderSelection::read(const ImapResponse& response) {
    if (response.code == "UIDVALIDITY") folder_.validity = response.code_argument;
    if (response.code == "UIDNEXT") folder_.uid_next = read_uid(response.code_argument).value_or(0);
    if (response.code == "PERMANENTFLAGS") folder_.flags = spaced(response.code_argument);
    if (response.code == "UIDNOTSTICKY") folder_.lasting = false; // RFC 4315 section 4
}

Result<SelectedFolder> FolderSelection::finish(const ImapResponse& answer) {
    if (answer.name != "OK") {
        Error error = refusal(command(), answer);
        // Dovecot gives no code here.
        if (error.remedy.empty()) error.remedy = "check the name " + folder_.name + " and the user's rights";
        return error;
    }
    if (access_ == Access::change && answer.code == "READ-ONLY")
        return Error{ErrorCode::forbidden, "messages in " + folder_.name + " can be read but not moved", "",
                     "give the user the rights to change that folder, or run with --dry-run"};
    session_.expect_validity(folder_.validity);
    // RFC 3501 section 2.3.1.1 knows no 0; some servers send it, or nothing, where they keep no UIDs.
    folder_.lasting = folder_.lasting && !folder_.validity.empty() && folder_.validity != "0";
    if (!folder_.lasting) folder_.validity = passing_validity();
    return folder_;
}

Result<SelectedFolder> select_folder(ImapSession& session, const std::string& name, Access access) {
    FolderSelection selection(session, name, access);
    const auto answer = session.run(selection.command(), [&](ImapResponse& response) -> Result<void> {
        selection.read(response);
        return {};
    });
    if (!answer) return answer.error();
    return selection.finish(*answer);
}

std::vector<ImapCommand> FolderSearch::commands() const {
    return {ImapCommand("NOOP"), search_command(session_, criteria_)};
}

Result<void> FolderSearch::read(const ImapResponse& response) { return read_search(response, found_); }

Result<std::vector<ImapUid>> FolderSearch::finish(std::span<const ImapResponse> answers) {
    const auto sent = commands();
    for (std::size_t i = 0; i < sent.size(); ++i)
        if (answers[i].name != "OK") return refusal(sent[i], answers[i]);
    if (!session_.arrivals()) return in_order(std::move(found_));
    // Dovecot looks for new mail only after the last of the commands that lie before it: its SEARCH knew none.
    session_.forget_arrivals();
    return search(session_, criteria_);
}

Result<std::vector<ImapUid>> search_anew(ImapSession& session, std::string_view criteria) {
    FolderSearch search(session, criteria);
    const auto commands = search.commands();
    // Those before the SEARCH announce what it will find.
    const auto answers = session.run_all(
        commands, [&](ImapResponse& response) { return search.read(response); }, commands.size() - 1);
    if (!answers) return answers.error();
    return search.finish(*answers);
}

Result<std::vector<ImapUid>> search(ImapSession& session, std::string_view criteria) {
    std::vector<ImapUid> found;
    const auto answer = session.require(search_command(session, criteria),
                                        [&](ImapResponse& response) { return read_search(response, found); });
    if (!answer) return answer.error();
    return in_order(std::move(found));
}

} // namespace nixie

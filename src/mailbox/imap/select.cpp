#include "mailbox/imap/select.hpp"

#include <algorithm>

#include "base/text.hpp"

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

} // namespace

Result<SelectedFolder> select_folder(ImapSession& session, const std::string& name, Access access) {
    SelectedFolder folder;
    folder.name = name;
    ImapCommand command(access == Access::change ? "SELECT " : "EXAMINE ");
    command.string(name);
    const auto answer = session.require(command, [&](ImapResponse& response) -> Result<void> {
        if (response.code == "UIDVALIDITY") folder.validity = response.code_argument;
        if (response.code == "UIDNEXT") folder.uid_next = read_uid(response.code_argument).value_or(0);
        return {};
    });
    if (!answer) {
        Error error = answer.error();
        // Dovecot gives no code here.
        if (!session.broken() && error.remedy.empty())
            error.remedy = "check the name " + name + " and the user's rights";
        return error;
    }
    if (access == Access::change && answer->code == "READ-ONLY")
        return Error{ErrorCode::unavailable, "messages in " + name + " can be read but not moved", "",
                     "give the user the rights to change that folder, or run with --dry-run"};
    if (folder.validity.empty())
        return Error{ErrorCode::protocol, "the server gives " + name + " no UIDVALIDITY", "",
                     "its messages cannot be told apart for good; use POP3 or Maildir"};
    return folder;
}

Result<std::vector<ImapUid>> search(ImapSession& session, std::string_view criteria) {
    ImapCommand command(session.offers("ESEARCH") ? "UID SEARCH RETURN (ALL) " : "UID SEARCH ");
    command.text(criteria);
    std::vector<ImapUid> found;
    const auto answer = session.require(command, [&](ImapResponse& response) { return read_search(response, found); });
    if (!answer) return answer.error();
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

} // namespace nixie

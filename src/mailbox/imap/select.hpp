// Selecting an IMAP folder and searching in it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/imap/session.hpp"
#include "mailbox/imap/sets.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

/// A folder as SELECT or EXAMINE showed it.
struct SelectedFolder {
    std::string name;     ///< on the server
    std::string validity; ///< one that no other session has, where the server's UIDs do not last
    ImapUid uid_next = 0; ///< 0: not told
    bool lasting = true;  ///< UIDs mean the same in the next session
    std::string flags;    ///< those that stay (PERMANENTFLAGS), in lower case, each between spaces

    [[nodiscard]] bool keeps_new_keywords() const;
    /// Whether a message can be given that keyword for good.
    [[nodiscard]] bool keeps(std::string_view keyword) const;
};

/// SELECT or EXAMINE as a command among others.
class FolderSelection {
  public:
    /// Until finish() the session expects no UIDVALIDITY.
    FolderSelection(ImapSession& session, std::string name, Access access);

    [[nodiscard]] ImapCommand command() const;
    /// Of each untagged response while the command is under way.
    void read(const ImapResponse& response);
    /// From the tagged answer. An Error also if the server gives only read access where change was asked for.
    Result<SelectedFolder> finish(const ImapResponse& answer);

  private:
    ImapSession& session_;
    Access access_;
    SelectedFolder folder_;
};

Result<SelectedFolder> select_folder(ImapSession& session, const std::string& name, Access access);

/// SEARCH as a command among others. What has come meanwhile is announced first, and counts as known.
class FolderSearch {
  public:
    FolderSearch(ImapSession& session, std::string_view criteria) : session_(session), criteria_(criteria) {}

    /// In this order, and nothing behind them.
    [[nodiscard]] std::vector<ImapCommand> commands() const;
    /// Of each untagged response while the commands are under way.
    Result<void> read(const ImapResponse& response);
    /// From the tagged answers to the commands: UIDs, ascending.
    Result<std::vector<ImapUid>> finish(std::span<const ImapResponse> answers);

  private:
    ImapSession& session_;
    std::string criteria_;
    std::vector<ImapUid> found_;
};

/// UIDs in the selected folder, ascending; with ESEARCH (RFC 4731) where it is offered: ranges instead of every number.
/// What has come meanwhile is announced first, in the same round trip, and counts as known.
Result<std::vector<ImapUid>> search_anew(ImapSession& session, std::string_view criteria);
/// The same without that.
Result<std::vector<ImapUid>> search(ImapSession& session, std::string_view criteria);

} // namespace nixie

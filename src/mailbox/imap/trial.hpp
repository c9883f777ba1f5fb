// A trial of filing on an IMAP server.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "mailbox/imap/folders.hpp"
#include "mailbox/imap/session.hpp"
#include "mailbox/mailbox.hpp"
#include "mailbox/trial.hpp"

namespace nixie {

/// Creates two folders below `root`, puts a message into one and moves it to the other.
class ImapTrial {
  public:
    /// `session`, `folders` and `clock` must outlive this object.
    ImapTrial(ImapSession& session, ImapFolders& folders, FolderPath root, const Clock& clock, ImapLog log);

    /// All steps but the last.
    FilingTrial run();
    /// Names on the server of the folders to remove: those made, deepest first.
    [[nodiscard]] const std::vector<std::string>& made() const { return made_; }

  private:
    Result<void> create();
    Result<void> append(FilingTrial& trial);
    Result<void> move();
    [[nodiscard]] FolderPath folder(std::size_t number) const;

    ImapSession& session_;
    ImapFolders& folders_;
    FolderPath root_;
    const Clock& clock_;
    ImapLog log_;
    std::vector<std::string> made_;
    std::vector<std::string> uids_;
};

/// Leaves the selected folder for `inbox`, then deletes the folders, all that can be; the first refusal.
Result<void> remove_folders(ImapSession& session, const std::string& inbox, const std::vector<std::string>& names);

} // namespace nixie

// Moving messages of the selected folder to another with what the server offers, so that repeating it is safe.
#pragma once

#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/imap/folders.hpp"
#include "mailbox/imap/select.hpp"
#include "mailbox/imap/session.hpp"
#include "mailbox/imap/sets.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

enum class MoveMethod {
    move,             ///< RFC 6851
    copy_uid_expunge, ///< COPY, \Deleted, UID EXPUNGE of RFC 4315
    copy_expunge,     ///< COPY, \Deleted, EXPUNGE only if nothing else is marked deleted
};

MoveMethod move_method(const ImapSession& session);
std::string_view describe(MoveMethod method);

/// Without MOVE an interruption can leave a message copied and still where it was. Messages that were there before this
/// session may be such ones: they are copied only if the folder does not hold them yet (same size and same Received, Date
/// and Message-ID). Messages that came later cannot have been copied and are spared the comparison.
class ImapFiling {
  public:
    /// `session` and `folders` must outlive this object.
    ImapFiling(ImapSession& session, ImapFolders& folders, SelectedFolder selected, ImapLog log)
        : session_(session), folders_(folders), selected_(std::move(selected)), log_(std::move(log)) {}

    /// Mailbox::file(). Where other messages are marked deleted and only EXPUNGE is offered, ours stay in the inbox,
    /// marked as deleted too: Mailbox::list() leaves such out.
    Result<Filed> file(const Filing& filing);
    /// Mailbox::file_all(). With MOVE all folders are made and filled, and all messages marked, in one exchange.
    Result<void> file_all(std::span<const Filing> filings, const Mailbox::Outcome& outcome);
    /// From the selected folder, for good; where only EXPUNGE is offered and others are marked deleted, they stay, marked too.
    Result<void> remove(const std::vector<ImapUid>& uids);

  private:
    [[nodiscard]] std::vector<ImapCommand> make_folders(std::span<const Filing> filings) const;
    [[nodiscard]] std::vector<ImapCommand> marking_commands(std::span<const Filing> filings) const;
    void marked(const ImapResponse& answer);
    /// Marks the messages of `filing`, and moves or copies `uids` of them.
    Result<Filed> transfer(std::string_view verb, const Filing& filing, std::vector<ImapUid> uids);
    Result<bool> says_no_folder(const ImapResponse& answer, const std::string& folder);
    Result<Filed> copy_and_remove(const Filing& filing, const std::vector<ImapUid>& uids, ImapFolders::Ensured folder);
    [[nodiscard]] std::vector<ImapUid> suspects(const std::vector<ImapUid>& uids) const;
    Result<std::set<ImapUid>> already_copied(const std::string& folder, const std::vector<ImapUid>& uids);
    Result<void> return_to_selected();
    Result<void> expunge_if_alone(const std::vector<ImapUid>& uids);

    ImapSession& session_;
    ImapFolders& folders_;
    SelectedFolder selected_;
    ImapLog log_;
    bool takes_marks_ = true;       ///< none was refused yet
    bool interrupted_ = false;      ///< a copy of this session failed half way
    std::set<ImapUid> left_marked_; ///< ours, not expunged because of others
};

} // namespace nixie

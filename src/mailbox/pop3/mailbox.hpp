// A POP3 server's maildrop as a mailbox, filed into a Maildir tree on the local disk.
#pragma once

#include <optional>
#include <unordered_map>

#include "mailbox/connection.hpp"
#include "mailbox/mailbox.hpp"
#include "mailbox/maildir/mailbox.hpp"
#include "mailbox/maildir/tree.hpp"
#include "mailbox/maildir/writer.hpp"
#include "mailbox/pop3/kept.hpp"
#include "mailbox/pop3/session.hpp"

namespace nixie {

/// POP3 knows no folders: file() stores each message on the local disk and then marks it deleted, which takes effect in
/// close(). If the session is lost before that, the messages are listed again, and filing them again makes no second copy.
/// Where they are kept on the server, what was stored is noted in the tree and not listed again.
class Pop3Mailbox final : public Mailbox {
  public:
    enum class Afterwards { remove, keep }; ///< what becomes of a stored message on the server

    /// `maildir` is the tree's path; it is created when first needed.
    Pop3Mailbox(Endpoint endpoint, std::string maildir, Afterwards afterwards = Afterwards::remove);

    Result<void> open(Access access) override;
    Result<MailboxInfo> inspect() override;
    Result<FilingTrial> try_out(const FolderPath& root, const Clock& clock) override;
    /// What was there when the session began; after a wait() a new one begins.
    Result<Listing> list() override;
    Result<Listing> list_from(const std::string& next) override;
    Result<void> fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) override;
    Result<Filed> file(const Filing& filing) override;
    Result<void> put(const FolderPath& folder, const NewMessage& message) override;
    Result<void> take_back(const FolderPath& folder, const std::string& id) override;
    /// Of the tree on the local disk.
    Result<std::vector<FolderState>> look(std::span<const FolderPath> folders) override;
    Result<void> enter(const FolderPath& folder, Access access) override;
    [[nodiscard]] bool can_come_back() const override { return folder_.has_value(); }
    Result<void> close() override;
    /// A session holds the maildrop's lock and never sees new mail: it is ended, and the wait is just for the time.
    Result<Wake> wait(Duration timeout, int stop_fd) override;

  private:
    /// Servers may give identical messages one UIDL (RFC 1939 section 7).
    struct Message {
        std::vector<std::size_t> numbers;
        std::size_t size = 0;
    };
    using Listed = std::unordered_map<std::string, Message>;

    Result<void> connect();
    Result<void> read_listing();
    Result<void> quit();
    Error give_up(Error error);
    [[nodiscard]] Pop3Command fetch_command(const Message& message, std::size_t max_bytes) const;
    struct Numbered {
        std::string uid;
        std::size_t number;
        std::size_t size;
        std::string draft_name;
    };
    [[nodiscard]] std::vector<Numbered> number(std::span<const std::string> uids) const;
    Result<void> create_tree();
    Result<void> store_and_remove(std::span<const Numbered> messages, MaildirWriter& writer, Filed& filed);
    Result<void> leave_out_kept();
    [[nodiscard]] std::string kept_path() const;

    Endpoint endpoint_;
    MaildirTree tree_;
    Afterwards afterwards_;
    std::optional<Access> access_; ///< while open
    std::optional<Pop3Session> session_;
    std::optional<Listed> listed_; ///< of this session, without what is marked deleted
    std::vector<std::string> order_;
    std::optional<Pop3Kept> kept_;         ///< as of the listing
    Duration login_delay_{};               ///< of the last session
    std::optional<MaildirMailbox> folder_; ///< while a folder of the tree is entered, not the maildrop
};

} // namespace nixie

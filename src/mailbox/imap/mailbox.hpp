// A mailbox on an IMAP server (RFC 3501 and what servers add to it).
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mailbox/imap/select.hpp"
#include "mailbox/imap/session.hpp"
#include "mailbox/imap/stream.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

class ImapMailbox final : public Mailbox {
  public:
    /// `inbox` is in UTF-8 as the server spells it. `log` gets what the operator should read: the server's alerts, what
    /// was passed over.
    explicit ImapMailbox(const Endpoint& endpoint, std::string inbox = "INBOX", ImapLog log = {});
    /// As above over any connection; `where` names it in errors.
    ImapMailbox(ImapConnector connect, std::string where, std::string inbox, ImapLog log);
    ~ImapMailbox() override;

    /// Compress (RFC 4978) where many messages are fetched and the server can.
    void allow_compression() { compression_ = true; }

    Result<void> open(Access access) override;
    Result<MailboxInfo> inspect() override;
    Result<FilingTrial> try_out(const FolderPath& root, const Clock& clock) override;
    /// Without messages marked deleted: for their owner they are gone already, and filed ones may be left so (ImapFiling).
    Result<Listing> list() override;
    Result<Listing> list_from(const std::string& next) override;
    Result<void> fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) override;
    Result<void> fetch_all(const Chunks& chunks, std::size_t max_bytes, const Sink& sink) override;
    Result<Filed> file(const Filing& filing) override;
    Result<void> file_all(std::span<const Filing> filings, const Outcome& outcome) override;
    [[nodiscard]] bool keeps_keywords() const override;
    Result<void> put(const FolderPath& folder, const NewMessage& message) override;
    Result<void> take_back(const FolderPath& folder, const std::string& id) override;
    /// In the same round trip finds out what list() will answer if it comes next.
    Result<std::vector<FolderState>> look(std::span<const FolderPath> folders) override;
    Result<void> enter(const FolderPath& folder, Access access) override;
    [[nodiscard]] bool can_come_back() const override { return true; }
    Result<void> close() override;
    /// Returns at once if more messages were announced since list() began.
    Result<Wake> wait(Duration timeout, int stop_fd) override;

  private:
    struct Open;

    Result<void> select(Open& open, const std::string& name, Access access) const;
    void settle(Open& open, SelectedFolder folder, Access access) const;
    Result<Listing> list(std::string_view criteria);
    [[nodiscard]] Listing listing_of(std::span<const ImapUid> uids) const;
    Result<void> remove_made(const std::vector<std::string>& names);
    /// An Error unless connected and in a folder.
    Result<void> ready();
    Result<void> ready_to_file();
    Result<void> append(const FolderPath& folder, const NewMessage& message);
    Result<void> remove(const FolderPath& folder, const std::string& id);
    /// To the inbox, whatever was `done` in another folder.
    Result<void> back_from(const Result<void>& done);
    Result<void> listen(Duration timeout, int stop_fd);
    /// Adds where to the Error, and drops a session that it has ended.
    Error located(Error error);

    bool compression_ = false;
    ImapConnector connect_;
    std::string where_;
    std::string inbox_;
    ImapLog log_;
    std::unique_ptr<Open> open_;
};

} // namespace nixie

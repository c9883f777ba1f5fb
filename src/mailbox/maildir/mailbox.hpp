// A Maildir or Maildir++ tree on a local disk as a mailbox.
#pragma once

#include <optional>

#include "mailbox/files.hpp"
#include "mailbox/mailbox.hpp"
#include "mailbox/maildir/entries.hpp"
#include "mailbox/maildir/tree.hpp"

namespace nixie {

/// Works beside mail clients and servers that rename messages at any time. A uid is the unique part of a file's name;
/// filing keeps the name with its flags, and what was unseen stays unseen.
class MaildirMailbox final : public Mailbox {
  public:
    explicit MaildirMailbox(std::string path);

    Result<void> open(Access access) override;
    Result<MailboxInfo> inspect() override;
    Result<FilingTrial> try_out(const FolderPath& root, const Clock& clock) override;
    Result<Listing> list() override;
    Result<Listing> list_from(const std::string& next) override;
    Result<void> fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) override;
    Result<Filed> file(const Filing& filing) override;
    Result<void> put(const FolderPath& folder, const NewMessage& message) override;
    Result<void> take_back(const FolderPath& folder, const std::string& id) override;
    Result<std::vector<FolderState>> look(std::span<const FolderPath> folders) override;
    Result<void> enter(const FolderPath& folder, Access access) override;
    [[nodiscard]] bool can_come_back() const override { return true; }
    Result<void> close() override;
    Result<Wake> wait(Duration timeout, int stop_fd) override;

  private:
    enum class Step { done, vanished };
    Result<void> for_each_present(std::span<const std::string> uids,
                                  const std::function<Result<Step>(const std::string&, const MaildirEntry&)>& work);
    Result<Step> fetch_one(const std::string& uid, const MaildirEntry& entry, std::size_t max_bytes, const Sink& sink);
    /// Adds the message's new name to `filed`.
    Result<Step> move_one(const std::string& uid, const MaildirEntry& entry, const MaildirFolder& folder, Filed& filed);
    Result<void> ready() const;
    Result<void> rescan();
    [[nodiscard]] int subdirectory_of(const MaildirEntry& entry) const;
    void watch();
    void drain_watch();

    MaildirTree tree_;
    Access access_ = Access::examine;
    bool open_ = false;
    FolderPath path_;                     ///< of folder_; none: the inbox
    std::optional<MaildirFolder> folder_; ///< the one entered; nothing where that failed
    MaildirEntries entries_;              ///< of folder_, as of the last scan
    FileDescriptor watch_;                ///< inotify; tells of what arrived since the last listing
};

} // namespace nixie

// New messages for a folder of a Maildir tree, safe on disk before anyone is told.
#pragma once

#include <string>
#include <string_view>

#include "mailbox/mailbox.hpp"
#include "mailbox/maildir/draft.hpp"
#include "mailbox/maildir/entries.hpp"
#include "mailbox/maildir/tree.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

class MaildirWriter {
  public:
    /// Creates and subscribes the folder where it is missing.
    static Result<MaildirWriter> open(const MaildirTree& tree, std::span<const std::string> levels);

    /// A message to be written in pieces; `name` is the same for the same message at every try. The writer must outlive it.
    [[nodiscard]] Result<MaildirDraft> begin(const std::string& name) const;
    /// Stores it as unseen. `file_name` has no flags; where the folder already has the same bytes under that name nothing
    /// happens, where it has others the message gets another name. Answers the name it has there.
    Result<std::string> store(const std::string& file_name, MaildirDraft draft, Time arrived);
    /// Whether the folder held a message of that name, without its flags, when it was opened.
    [[nodiscard]] bool has(const std::string& file_name) const { return entries_.contains(file_name); }
    /// When this returns, what was stored survives a crash.
    Result<void> sync();

  private:
    explicit MaildirWriter(MaildirFolder folder, MaildirEntries entries);
    enum class Presence { absent, same, different };
    Result<Presence> look_up(const std::string& file_name, const MaildirDraft& draft);
    Result<void> rescan();

    MaildirFolder folder_;
    MaildirEntries entries_;
};

/// Mailbox::put() into a folder of that tree.
Result<void> put_into_tree(const MaildirTree& tree, const FolderPath& folder, const NewMessage& message);
/// Mailbox::take_back() from a folder of that tree.
Result<void> take_from_tree(const MaildirTree& tree, const FolderPath& folder, const std::string& id);

} // namespace nixie

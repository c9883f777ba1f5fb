// A tree of folders on disk in the layout Maildir++: ".Bounces.bad-mailbox" beside "cur", "new" and "tmp".
#pragma once

#include <span>
#include <string>
#include <vector>

#include "mailbox/files.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// One folder (or the inbox), open.
struct MaildirFolder {
    std::string path; ///< for errors
    FileDescriptor directory;
    FileDescriptor fresh; ///< "new"
    FileDescriptor cur;
};

class MaildirTree {
  public:
    explicit MaildirTree(std::string path);

    [[nodiscard]] const std::string& path() const { return path_; }

    /// An error of code input if there is no Maildir.
    [[nodiscard]] Result<MaildirFolder> open_inbox() const;
    /// Creates the tree's root where it is missing; the directory above it must be there.
    [[nodiscard]] Result<void> create_inbox() const;
    /// The folder with these levels (UTF-8, at least one), created and subscribed where it is missing.
    [[nodiscard]] Result<MaildirFolder> open_folder(std::span<const std::string> levels) const;
    /// As above where it exists; ErrorCode::refused where it does not. The inbox has no levels.
    [[nodiscard]] Result<MaildirFolder> open_existing(std::span<const std::string> levels) const;
    /// Existing folders in UTF-8 with '/' between levels, sorted.
    [[nodiscard]] Result<std::vector<std::string>> folders() const;

  private:
    std::string path_;
};

/// In a privileged worker, what it creates in a Maildir gets the Maildir's owner; else the file system decides.
/// False leaves the cause in errno.
bool give_to_owner_of(int directory, int fd);
/// Read and write permissions of `directory`, for a file in it.
mode_t file_mode_in(int directory);

} // namespace nixie

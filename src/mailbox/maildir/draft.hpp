// A message on its way into a Maildir: written to "tmp" in blocks, however long it is.
#pragma once

#include <string>
#include <string_view>

#include "mailbox/files.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// The file is removed with the object, unless it was moved away.
class MaildirDraft {
  public:
    /// `directory` is the open folder of the Maildir and must outlive the draft, `path` is its name for errors. What a crash
    /// left under this name in "tmp" is replaced.
    static Result<MaildirDraft> begin(int directory, const std::string& path, const std::string& name);

    MaildirDraft(MaildirDraft&& other) noexcept;
    MaildirDraft& operator=(MaildirDraft&&) = delete;
    ~MaildirDraft();

    Result<void> append(std::string_view bytes);
    /// Whether the file open as `fd` holds the same bytes.
    [[nodiscard]] Result<bool> same_as(int fd) const;
    /// Syncs it with that time and moves it into "new", open as `fresh`, unless there is one of that name.
    Result<Moved> move_to(int fresh, const std::string& file_name, Time arrived);

  private:
    MaildirDraft(int directory, std::string path, std::string name, FileDescriptor file);
    [[nodiscard]] Error failed() const;

    int directory_;
    std::string path_;
    std::string name_; ///< "tmp/…"; empty: moved away
    FileDescriptor file_;
};

} // namespace nixie

// The file in which tokens of one mailbox stay between logins.
#pragma once

#include <optional>
#include <string>

#include "auth/token.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// Readable by its owner only, replaced as a whole; the folder is made when first needed. Run by root, file and folder get
/// the owner of the folder above, so that a service with a user of its own can read them.
class TokenCache {
  public:
    /// `identity` is whose tokens these are: those of another account or application are not found.
    TokenCache(std::string file, std::string identity);

    /// While it lives, no other process or thread has one for the same file.
    class Lock {
      public:
        Lock(Lock&& other) noexcept;
        Lock& operator=(Lock&&) = delete;
        ~Lock();

      private:
        friend class TokenCache;
        explicit Lock(int fd) : fd_(fd) {}
        int fd_;
    };
    [[nodiscard]] Result<Lock> lock() const;

    /// Nothing if there is none. A file that others may read, or that cannot be understood, is an error.
    [[nodiscard]] Result<std::optional<Token>> load() const;
    [[nodiscard]] Result<void> save(const Token& token) const;
    /// True if there was one.
    [[nodiscard]] Result<bool> forget() const;

    [[nodiscard]] const std::string& file() const { return file_; }

  private:
    [[nodiscard]] Error failed(ErrorCode code, const char* action) const;
    [[nodiscard]] Result<void> make_folder() const;

    std::string file_;
    std::string folder_;
    std::string identity_;
};

} // namespace nixie

// Which messages of a maildrop were stored and left on the server, so that they are not read again.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>

#include "nixie/result.hpp"

namespace nixie {

/// A file in the local tree with a line for each message: its size and its UIDL. A server may give a UIDL that is gone to
/// another message later; the size then tells the two apart, mostly.
class Pop3Kept {
  public:
    using Message = std::pair<std::string, std::size_t>; ///< UIDL and size

    /// A missing file is an empty one.
    static Result<Pop3Kept> open(std::string path);

    [[nodiscard]] bool has(const std::string& uid, std::size_t size) const;
    /// When this returns, they survive a crash.
    Result<void> add(std::span<const Message> messages);
    /// Forgets what the server no longer lists, when that is most of the file.
    Result<void> forget_others(std::span<const Message> listed);

  private:
    explicit Pop3Kept(std::string path) : path_(std::move(path)) {}

    std::string path_;
    std::unordered_map<std::string, std::size_t> sizes_;
};

} // namespace nixie

// What an IMAP session needs of its connection; tests put a server's side in its place.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mailbox/connection.hpp"

namespace nixie {

/// The contract of each function is that of Connection's of the same name.
class ImapStream {
  public:
    virtual ~ImapStream() = default;
    /// The last line of the server's answer to the login, without its end; empty if it is not known.
    [[nodiscard]] virtual std::string login_reply() const { return {}; }
    /// What the server announced before the login, if that is known.
    [[nodiscard]] virtual std::string announced() const { return {}; }
    virtual Result<void> send(std::string_view bytes) = 0;
    virtual Result<std::size_t> receive(std::span<char> buffer) = 0;
    virtual Result<std::size_t> receive(std::span<char> buffer, Duration timeout, int stop_fd) = 0;
};

/// Connects and logs in.
using ImapConnector = std::function<Result<std::unique_ptr<ImapStream>>()>;

ImapConnector connector_to(Endpoint endpoint);

} // namespace nixie

// An authenticated stream of bytes to an IMAP or POP3 server; libcurl connects, does TLS and logs in.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "mailbox/endpoint.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Reads and writes after login. Not thread-safe. Errors carry the endpoint's URL and never a secret.
class Connection {
  public:
    /// A refused token is renewed and tried once more; a refused password is not.
    static Result<Connection> open(const Endpoint& endpoint);

    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    /// The last line of the server's answer to the login, without its end.
    [[nodiscard]] const std::string& login_reply() const;
    /// What an IMAP server announced before the login, as its words; not all of it need hold after it.
    [[nodiscard]] const std::string& announced() const;
    /// Writes all of `bytes`.
    Result<void> send(std::string_view bytes);
    /// Waits for at least one byte, at most Endpoint::timeout. A closed connection is an error (unavailable), and so is a server
    /// that is silent while Endpoint::stop says so (interrupted).
    Result<std::size_t> receive(std::span<char> buffer);
    /// As receive(), but waits at most `timeout` and also ends when `stop_fd` (if not -1) becomes readable; 0 then.
    Result<std::size_t> receive(std::span<char> buffer, Duration timeout, int stop_fd);

  private:
    struct Impl;
    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace nixie

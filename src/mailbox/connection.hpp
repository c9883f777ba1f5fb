// An authenticated stream of bytes to an IMAP or POP3 server; libcurl connects, does TLS and logs in.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

enum class Tls {
    implicit, ///< imaps, pop3s
    starttls, ///< required after connecting in the clear
    none,     ///< only on loopback, or where the configuration allows it in words
};

/// Where and as whom to log in.
struct Endpoint {
    std::string url; ///< "imaps://host:993", "pop3://127.0.0.1:110": scheme, host, port; no user, no path
    Tls tls = Tls::implicit;
    std::string ca_file; ///< PEM; empty: the system's
    std::string user;
    std::string password;
    Duration timeout = std::chrono::seconds(60); ///< for connecting, and for each wait for the server's next byte
};

/// Reads and writes after login. Not thread-safe. Errors carry the endpoint's URL and never its password.
class Connection {
  public:
    static Result<Connection> open(const Endpoint& endpoint);

    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;
    ~Connection();

    /// Writes all of `bytes`.
    Result<void> send(std::string_view bytes);
    /// Waits for at least one byte, at most Endpoint::timeout. A closed connection is an error (unavailable).
    Result<std::size_t> receive(std::span<char> buffer);
    /// As receive(), but waits at most `timeout` and also ends when `stop_fd` (if not -1) becomes readable; 0 then.
    Result<std::size_t> receive(std::span<char> buffer, Duration timeout, int stop_fd);

  private:
    struct Impl;
    explicit Connection(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

} // namespace nixie

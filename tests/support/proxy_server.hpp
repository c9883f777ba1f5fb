// A proxy on loopback that speaks SOCKS 5 (RFC 1928) and HTTP CONNECT, takes every host for 127.0.0.1 and remembers which
// were asked for.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace nixie {

class ProxyServer {
  public:
    ProxyServer();
    ~ProxyServer();
    ProxyServer(const ProxyServer&) = delete;
    ProxyServer& operator=(const ProxyServer&) = delete;

    /// "socks5h://127.0.0.1:1234"
    [[nodiscard]] std::string url(const std::string& scheme) const;
    /// "host:port" of each connection, and "user:password@" before it where HTTP brought them (in base64).
    [[nodiscard]] std::vector<std::string> asked() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nixie

// A private dnsmasq on loopback, which knows the records it is given and nothing else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/process.hpp"

namespace nixie {

class NameServer {
  public:
    /// Options of dnsmasq: "--srv-host=_imaps._tcp.example.org,imap.example.org,993". Throws if it does not answer.
    explicit NameServer(const std::vector<std::string>& records);

    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    std::uint16_t port_ = 0;
    std::unique_ptr<Running> process_;
};

} // namespace nixie

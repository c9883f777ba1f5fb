// What the domain name system says of a domain's mail servers (RFC 2782, RFC 6186, RFC 1035).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nixie/result.hpp"

namespace nixie {

struct ServiceRecord {
    std::string target; ///< in lower case; empty: the service is decidedly not offered (RFC 2782: ".")
    std::uint16_t port = 0;
    std::uint16_t priority = 0; ///< the smallest is tried first
    std::uint16_t weight = 0;
};

/// Answers to questions; what is not there, or not to be had, is an empty answer.
class Resolver {
  public:
    virtual ~Resolver() = default;
    /// Of "_imaps._tcp.example.org", best first.
    virtual std::vector<ServiceRecord> services(const std::string& name) = 0;
    /// Hosts that take mail for the domain, best first.
    virtual std::vector<std::string> mail_hosts(const std::string& domain) = 0;
    virtual bool has_address(const std::string& host) = 0;
};

/// Asks over the network: the servers of /etc/resolv.conf, or the one at that port of 127.0.0.1.
class SystemResolver final : public Resolver {
  public:
    explicit SystemResolver(std::optional<std::uint16_t> loopback_port = std::nullopt) : port_(loopback_port) {}

    std::vector<ServiceRecord> services(const std::string& name) override;
    std::vector<std::string> mail_hosts(const std::string& domain) override;
    bool has_address(const std::string& host) override;

  private:
    std::optional<std::uint16_t> port_;
};

/// The records in an answer, which may be anything: at most a few, none with a name that is no host's.
std::vector<ServiceRecord> read_services(std::span<const unsigned char> answer);
std::vector<std::string> read_mail_hosts(std::span<const unsigned char> answer);

/// Letters, digits, hyphens and dots, not too long, each label with something in it.
bool is_host_name(std::string_view text);

} // namespace nixie

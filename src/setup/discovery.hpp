// The servers that a mailbox's domain is likely to mean.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "setup/dns.hpp"

namespace nixie {

struct FoundServer {
    std::string url;    ///< "imaps://imap.example.org", with the port where it is not the usual one
    std::string why;    ///< "a record of the domain (_imaps._tcp)"
    std::string preset; ///< of [mailbox.oauth], where the provider takes no passwords; else empty
    /// Whose word it is: a record can lead anywhere, so a person looks at one outside the domain first (RFC 6186 section 6).
    bool trusted = false;
};

/// Best first, each once. Empty where nothing is found, and where the domain's records say that it offers none.
std::vector<FoundServer> find_servers(Resolver& resolver, std::string_view domain);

/// The preset of the provider that has this server, or empty.
std::string preset_of(std::string_view url);

} // namespace nixie

// What a server shows to anyone who connects: its certificate, and the ways to log in. No secret is sent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mailbox/endpoint.hpp"
#include "mailbox/login.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

struct ServerCertificate {
    std::string issuer;
    std::vector<std::string> names; ///< hosts it is for, at most a few
    bool names_host = false;        ///< the endpoint's host is one of them
    Time expires{};
};

struct Greeting {
    std::string tls; ///< "TLSv1.3"; empty without TLS
    std::optional<ServerCertificate> certificate;
    std::optional<Error> distrust; ///< why nothing secret would be sent over this connection
    LoginTrace ways;               ///< as announced before a login
};

/// Connects, with STARTTLS where that is wanted, and goes away without a login. A certificate that is not trusted is looked at
/// all the same.
Result<Greeting> greet(const Endpoint& endpoint, Time now);

} // namespace nixie

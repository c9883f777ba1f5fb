// From a configured login to what a connection needs.
#pragma once

#include "config/config.hpp"
#include "mailbox/endpoint.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// Fetches passwords now; a token is fetched at each login.
Result<Endpoint> make_endpoint(const MailboxConfig& config);

/// No log shows the secret from now on, whoever repeats it.
Result<std::string> guarded(Result<std::string> secret);

} // namespace nixie

// Signatures of webhooks, as https://www.standardwebhooks.com has them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// RFC 4648, section 4, on one line.
std::string base64(std::string_view bytes);

/// The key in a secret "whsec_" + base64; fewer than 24 or more than 64 bytes are an error, which does not show it.
Result<std::string> webhook_key(std::string_view secret);

/// The value of webhook-signature: "v1,<base64 of HMAC-SHA256>" for each key, separated by spaces.
std::string webhook_signature(const std::vector<std::string>& keys, std::string_view id, Time at,
                              std::string_view body);

} // namespace nixie

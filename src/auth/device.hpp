// Logging in once by a code that a person types on another device (RFC 8628).
#pragma once

#include <functional>
#include <string>

#include "auth/http.hpp"
#include "auth/token.hpp"
#include "auth/token_request.hpp"
#include "base/clock.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// What the person is shown, and what the program keeps to itself.
struct DeviceCode {
    std::string user_code;
    std::string verification_url;
    std::string complete_url; ///< with the code in it; may be empty
    std::string device_code;  ///< secret
    Duration interval{};
    Time expires{};
};

Result<DeviceCode> start_device_login(const HttpPost& post, const TokenAccount& account, Time now);

/// Waits so long before the next question; false ends the login.
using Pause = std::function<bool(Duration)>;

/// Asks at the server's pace until the person has confirmed or declined, or the code is too old.
Result<Token> finish_device_login(const HttpPost& post, const TokenAccount& account, const DeviceCode& code,
                                  const Clock& clock, const Pause& pause);

} // namespace nixie

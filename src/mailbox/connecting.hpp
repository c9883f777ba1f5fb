// What libcurl is told about an endpoint, and what its failures mean.
#pragma once

#include <curl/curl.h>

#include <string>

#include "mailbox/endpoint.hpp"
#include "mailbox/login.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// One attempt to connect and log in; all of it must outlive the attempt.
struct Attempt {
    const Endpoint& endpoint;
    const std::string& login_options;
    const std::string& secret; ///< password or token
    LoginTrace& trace;
};

CURLcode set_options(CURL* handle, const Attempt& attempt);

/// What libcurl could not do on the way from the host's name to a finished login.
Error open_failed(CURLcode code, const Attempt& attempt);

} // namespace nixie

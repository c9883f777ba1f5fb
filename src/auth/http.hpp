// A form posted to a token server.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/login.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

using Form = std::vector<std::pair<std::string, std::string>>;

struct HttpAnswer {
    long status = 0;
    std::string body;
    std::optional<Duration> retry_after = {}; ///< as the server's header of that name says
};

/// Posts the form; any status is an answer, an Error means that there was none.
using HttpPost = std::function<Result<HttpAnswer>(const std::string& url, const Form& form)>;

/// Over the network. Certificates are checked (by `ca_file`, or the system's authorities if empty); redirects are not
/// followed, since the form holds secrets; an answer has an end and a limit.
HttpPost post_over_network(const std::string& ca_file, const ProxyConfig& proxy);

} // namespace nixie

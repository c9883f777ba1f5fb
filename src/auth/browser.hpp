// Logging in once with a browser, for providers whose device login grants no mail (RFC 6749 section 4.1, RFC 7636).
#pragma once

#include <string>
#include <string_view>

#include "auth/http.hpp"
#include "auth/token.hpp"
#include "auth/token_request.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// The address to open, and what the answer must fit.
struct BrowserLogin {
    std::string url;
    std::string state;
    std::string verifier; ///< secret
};

BrowserLogin start_browser_login(const TokenAccount& account);

/// `pasted` is the address that the browser was sent to in the end, or only the code in it.
Result<Token> finish_browser_login(const HttpPost& post, const TokenAccount& account, const BrowserLogin& login,
                                   std::string_view pasted, Time now);

} // namespace nixie

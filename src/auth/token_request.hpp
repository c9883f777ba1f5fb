// The requests by which tokens come about (RFC 6749, RFC 7523), and their answers.
#pragma once

#include <string>

#include "auth/http.hpp"
#include "auth/token.hpp"
#include "config/login.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// Whose tokens, and where they come from.
struct TokenAccount {
    std::string mailbox; ///< its name, for what people can do
    std::string user;
    OAuthConfig oauth;
};

struct TokenRequest {
    std::string url;
    Form form;
};

Result<TokenRequest> refresh_request(const TokenAccount& account, const std::string& refresh_token, Time now);
Result<TokenRequest> client_credentials_request(const TokenAccount& account, Time now);
Result<TokenRequest> service_account_request(const TokenAccount& account, Time now);

/// Adds how the client proves itself: `client_id`, and its secret or assertion if it has one.
Result<void> add_client(Form& form, const TokenAccount& account, Time now);

/// Asks for a token; a refusal is an Error in plain words.
Result<Token> ask_for_token(const HttpPost& post, const TokenRequest& request, const TokenAccount& account, Time now);
/// The token in an answer with status 200.
Result<Token> read_token(const HttpAnswer& answer, const std::string& url, Time now);

} // namespace nixie

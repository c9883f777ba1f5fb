// Where a mailbox's access tokens come from: the cache, and the token server when that has none that will do.
#pragma once

#include <string>

#include "auth/cache.hpp"
#include "auth/http.hpp"
#include "auth/token_request.hpp"
#include "base/clock.hpp"
#include "config/config.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// Of a mailbox that has [mailbox.oauth].
TokenAccount account_of(const MailboxConfig& mailbox);
TokenCache cache_of(const MailboxConfig& mailbox);
HttpPost post_for(const MailboxConfig& mailbox);

/// Whose tokens a cache holds: a change of account, application or server makes them another's.
std::string identity_of(const TokenAccount& account);

class TokenSource {
  public:
    /// `clock` must outlive the source.
    TokenSource(TokenAccount account, TokenCache cache, HttpPost post, const Clock& clock);

    /// A token that is fresh and not `refused`. It is kept for later, also for other processes. Where a new one cannot be
    /// had for now, an old one serves until its very end.
    [[nodiscard]] Result<std::string> token(const std::string& refused) const;

  private:
    [[nodiscard]] Result<Token> renew(const std::optional<Token>& old) const;
    [[nodiscard]] Result<Token> refresh(const std::optional<Token>& old) const;
    [[nodiscard]] Result<Token> ask(const Result<TokenRequest>& request) const;

    TokenAccount account_;
    TokenCache cache_;
    HttpPost post_;
    const Clock& clock_;
};

} // namespace nixie

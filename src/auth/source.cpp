#include "auth/source.hpp"

#include <cassert>

namespace nixie {

TokenAccount account_of(const MailboxConfig& mailbox) {
    assert(mailbox.login.oauth);
    return {mailbox.name, mailbox.login.user, *mailbox.login.oauth};
}

TokenCache cache_of(const MailboxConfig& mailbox) {
    return {mailbox.login.token_file, identity_of(account_of(mailbox))};
}

HttpPost post_for(const MailboxConfig& mailbox) {
    return post_over_network(mailbox.login.oauth->ca_file, mailbox.login.proxy);
}

std::string identity_of(const TokenAccount& account) {
    const OAuthConfig& oauth = account.oauth;
    std::string out;
    for (const std::string& part : {account.user, oauth.token_url, oauth.client_id, oauth.scope,
                                    oauth.service_account_file, std::to_string(static_cast<int>(oauth.flow))})
        out += std::to_string(part.size()) + ":" + part + " ";
    return out;
}

TokenSource::TokenSource(TokenAccount account, TokenCache cache, HttpPost post, const Clock& clock)
    : account_(std::move(account)), cache_(std::move(cache)), post_(std::move(post)), clock_(clock) {}

Result<std::string> TokenSource::token(const std::string& refused) const {
    // Two that renew at once would each make the other's refresh token void.
    const auto lock = cache_.lock();
    if (!lock) return lock.error();
    const auto old = cache_.load();
    if (!old) return old.error();
    const bool will_do = *old && (*old)->access != refused;
    if (will_do && is_fresh(**old, clock_.now())) return (*old)->access;
    auto renewed = renew(*old);
    if (renewed) return std::move(renewed->access);
    const bool for_now = renewed.error().code == ErrorCode::unavailable;
    if (for_now && will_do && !(*old)->access.empty() && clock_.now() < (*old)->expires) return (*old)->access;
    return renewed.error();
}

Result<Token> TokenSource::renew(const std::optional<Token>& old) const {
    auto token = [&]() -> Result<Token> {
        switch (account_.oauth.flow) {
            case OAuthFlow::device:
            case OAuthFlow::browser:
            case OAuthFlow::refresh_token:
                return refresh(old);
            case OAuthFlow::client_credentials:
                return ask(client_credentials_request(account_, clock_.now()));
            case OAuthFlow::service_account:
                return ask(service_account_request(account_, clock_.now()));
        }
        return Error{ErrorCode::config, "no flow"};
    }();
    if (!token) return token;
    if (token->refresh.empty() && old) token->refresh = old->refresh; // RFC 6749 section 6: the old one stays good
    if (auto saved = cache_.save(*token); !saved) return saved.error();
    return token;
}

Result<Token> TokenSource::refresh(const std::optional<Token>& old) const {
    const bool given = account_.oauth.flow == OAuthFlow::refresh_token;
    if (old && !old->refresh.empty()) {
        auto token = ask(refresh_request(account_, old->refresh, clock_.now()));
        // Someone may have put a new one where the first came from.
        if (token || !given || token.error().code == ErrorCode::unavailable) return token;
    }
    if (!given)
        return Error{ErrorCode::refused_login, "nobody has logged in for this mailbox", account_.mailbox,
                     "run `nixie auth login " + account_.mailbox + "`"};
    const auto configured = read_secret(account_.oauth.refresh_token);
    if (!configured) return configured.error();
    auto token = ask(refresh_request(account_, *configured, clock_.now()));
    if (token || token.error().code == ErrorCode::unavailable) return token;
    Error error = token.error();
    error.remedy = "put a new refresh token where `" + account_.oauth.refresh_token.key + "` says";
    return error;
}

Result<Token> TokenSource::ask(const Result<TokenRequest>& request) const {
    if (!request) return request.error();
    return ask_for_token(post_, *request, account_, clock_.now());
}

} // namespace nixie

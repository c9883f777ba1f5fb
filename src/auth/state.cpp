#include "auth/state.hpp"

#include "auth/source.hpp"

namespace nixie {

bool is_by_person(OAuthFlow flow) { return flow == OAuthFlow::device || flow == OAuthFlow::browser; }

Result<TokenState> token_state(const MailboxConfig& mailbox) {
    auto token = cache_of(mailbox).load();
    if (!token) return token.error();
    TokenState out{std::move(token).value(), is_by_person(mailbox.login.oauth->flow), false};
    out.renewable = !out.by_person || (out.token && !out.token->refresh.empty());
    return out;
}

} // namespace nixie

// How the token that is kept for a mailbox stands, without asking anybody.
#pragma once

#include <optional>

#include "auth/token.hpp"
#include "config/config.hpp"
#include "nixie/result.hpp"

namespace nixie {

struct TokenState {
    std::optional<Token> token; ///< what is kept
    bool by_person = false;     ///< a person must log in once to get one
    bool renewable = false;     ///< it can be had anew without a person

    [[nodiscard]] bool serves(Time now) const { return token && now < token->expires; }
};

/// Whether a person logs in, once and in a browser.
bool is_by_person(OAuthFlow flow);

/// Of a mailbox that has [mailbox.oauth]; an Error where the file of tokens cannot be read.
Result<TokenState> token_state(const MailboxConfig& mailbox);

} // namespace nixie

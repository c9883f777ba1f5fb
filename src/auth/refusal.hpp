// What a token server's refusal means, in plain words.
#pragma once

#include <string>

#include "auth/http.hpp"
#include "nixie/result.hpp"

namespace nixie {

/// The fields of RFC 6749 section 5.2; empty where the answer has none.
struct TokenRefusal {
    std::string error; ///< "invalid_grant", "authorization_pending", …
    std::string description;
};
TokenRefusal read_refusal(const HttpAnswer& answer);

/// `url` was asked with `form`, on behalf of the mailbox `name`. A description that holds a secret of the form is not shown.
Error refusal_of(const TokenRefusal& refusal, const HttpAnswer& answer, const std::string& url, const Form& form,
                 const std::string& mailbox);

} // namespace nixie

// What servers and great providers mean by the words with which they refuse a login.
#pragma once

#include <string_view>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

enum class LoginBy { password, token };

struct LoginRefusal {
    enum class For { any, password, token };

    std::string_view host;  ///< the server's, or its end; empty: any
    std::string_view words; ///< in the last reply, in any case; empty: any
    For way;
    ErrorCode error;
    const char* what;
    const char* remedy;
    Duration wait = {}; ///< zero: the caller's own backoff
};

/// The first that fits; nullptr if none does. `url` is the endpoint's.
const LoginRefusal* find_login_refusal(std::string_view url, std::string_view reply, LoginBy by);

} // namespace nixie

// An access token with what is needed for the next one.
#pragma once

#include <string>

#include "nixie/time.hpp"

namespace nixie {

struct Token {
    std::string access;
    std::string refresh; ///< empty: there is none
    Time obtained{};
    Time expires{};
};

/// Whether a login may still begin with it: some minutes before its end, or a tenth of a short life, it is renewed.
[[nodiscard]] bool is_fresh(const Token& token, Time now);

} // namespace nixie

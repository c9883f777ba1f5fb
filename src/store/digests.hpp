// Which reports were sent of themselves, and how that went.
#pragma once

#include <string>

#include "nixie/time.hpp"

namespace nixie {

/// The name of the digest that is told as an event; all others are those of mailboxes.
inline constexpr const char* told_digest = "";

/// A row of the table `digests`.
struct DigestState {
    std::string name;
    Time until{};     ///< end of the span that was last told of, or from when on it counts
    int failures = 0; ///< in a row
    Time retry_at{};  ///< after failures
    std::string last_error;
};

} // namespace nixie

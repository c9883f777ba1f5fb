// How long a server wants to be left alone, where it says so in words only.
#pragma once

#include <optional>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

/// Longer than this no server is left alone, whatever it says.
constexpr Duration longest_server_wait = std::chrono::hours(24);

/// From the text of an answer: a length of time that is named ("Suggested Backoff Time: 299985 milliseconds", "try again in
/// 5 minutes"), or the usual one for a limit that is ("exceeded command or bandwidth limits"). Rounded up to seconds.
std::optional<Duration> server_wait(std::string_view text);

} // namespace nixie

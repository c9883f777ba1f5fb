// A moment in the past, as people type it.
#pragma once

#include <string>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

inline constexpr const char* since_help = "A day (2026-11-01), a time (2026-11-01T12:00:00Z), or how long ago (7d)";

/// An empty text is the beginning of time.
Result<Time> read_since(const std::string& text, Time now);

} // namespace nixie

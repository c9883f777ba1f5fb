// Dates as IMAP spells them (RFC 3501 section 9).
#pragma once

#include <string>

#include "nixie/time.hpp"

namespace nixie {

/// date: "1-Feb-2026".
std::string imap_date(Time time);
/// date-time: "01-Feb-2026 03:04:05 +0000".
std::string imap_date_time(Time time);

} // namespace nixie

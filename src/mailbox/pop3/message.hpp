// What POP3 does not say about a message, and what becomes of it in a Maildir.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

/// When the last server took the message in: its "Received" field is the topmost; without one, the "Date" field.
std::optional<Time> stamped_arrival(std::string_view bytes);

/// The same for the same message at every try, so that a repeat finds what an earlier one stored.
std::string maildir_name(std::string_view uid, std::string_view bytes);

/// Lines in a Maildir end with LF, on the wire with CR LF.
std::string with_unix_line_ends(std::string_view bytes);

} // namespace nixie

// What POP3 does not say about a message, and what becomes of it in a Maildir.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

/// When the last server took the message in: its "Received" field is the topmost; without one, the "Date" field.
std::optional<Time> stamped_arrival(std::string_view bytes);

/// A hash of the bytes, going on from that of those before them. No security hangs on it: whoever stores under a name made
/// of it compares the bytes.
std::uint64_t content_hash(std::string_view bytes, std::uint64_t before = 0xcbf29ce484222325U);

/// The same for the same message at every try, so that a repeat finds what an earlier one stored.
std::string maildir_name(std::optional<Time> arrived, std::uint64_t hash);

} // namespace nixie

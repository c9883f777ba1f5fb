// The recipient that senders write into the address that bounces come back to.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/attribution.hpp"

namespace nixie {

/// The recipient in a variable envelope return path, "list-bounces+user=example.org@host"; empty if it holds none, or where more
/// than one address could be meant. Sees through what forwarders (SRS) and signing senders (BATV) wrap around a return path: the
/// address that they wrap is the sender, so it counts only if it names a recipient in turn.
std::string verp_recipient(std::string_view address);

/// What the first shape that matches reads, seen through the same wrappers.
std::optional<ReturnPathFacts> read_return_path(std::string_view address, const std::vector<ReturnPathShape>& shapes);

/// The two as an address, empty if they make none.
std::string verp_address(std::string_view local, std::string_view domain);

} // namespace nixie

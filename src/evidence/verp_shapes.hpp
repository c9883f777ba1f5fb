// The recipient that senders write into the address that bounces come back to.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// The recipient in a variable envelope return path, "list-bounces+user=example.org@host"; empty if it holds none, or where more
/// than one address could be meant. Sees through what forwarders (SRS) and signing senders (BATV) wrap around a return path: the
/// address that they wrap is the sender, so it counts only if it names a recipient in turn.
std::string verp_recipient(std::string_view address);

} // namespace nixie

// The datagram sockets by which systemd is told things: AF_UNIX, a path or an abstract name.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// Sends `bytes` to the socket called `name`; one that begins with '@' is abstract (unix(7)). Whether it was taken: it never
/// waits, and what cannot be sent is lost.
bool send_datagram(const std::string& name, std::string_view bytes);

} // namespace nixie

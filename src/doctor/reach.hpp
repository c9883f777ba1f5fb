// From a host's name to an open port.
#pragma once

#include <sys/socket.h>

#include <string>
#include <vector>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

struct Address {
    std::string text; ///< "192.0.2.1", "2001:db8::1"
    sockaddr_storage socket{};
    socklen_t length = 0;
};

/// The addresses of `host` for connections to `port`, at most a few, each once.
Result<std::vector<Address>> look_up(const std::string& host, int port);

/// How long it took to be let in, or the cause why not.
Result<std::chrono::milliseconds> try_connection(const Address& address, Duration timeout);

} // namespace nixie

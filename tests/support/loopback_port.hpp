// Ports of loopback where something is wrong.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <string>

namespace nixie {

class LoopbackPort {
  public:
    enum class Behaviour {
        closed, ///< taken, and answers nobody
        silent, ///< lets everyone connect and never says a word
    };
    explicit LoopbackPort(Behaviour behaviour) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(socket_, generic, length) != 0 || ::getsockname(socket_, generic, &length) != 0 ||
            (behaviour == Behaviour::silent && ::listen(socket_, 16) != 0))
            throw std::runtime_error("no port on loopback");
        number_ = std::to_string(ntohs(address.sin_port));
    }
    ~LoopbackPort() { ::close(socket_); }
    LoopbackPort(const LoopbackPort&) = delete;
    LoopbackPort& operator=(const LoopbackPort&) = delete;
    [[nodiscard]] const std::string& number() const { return number_; }

  private:
    int socket_;
    std::string number_;
};

} // namespace nixie

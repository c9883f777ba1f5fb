// A datagram socket as systemd holds one, and what was sent to it.
#pragma once

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>

namespace nixie {

class DatagramSocket {
  public:
    /// A path, or an abstract name that begins with '@'.
    explicit DatagramSocket(std::string name)
        : name_(std::move(name)), fd_(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::copy(name_.begin(), name_.end(), std::begin(address.sun_path));
        if (name_.front() == '@') address.sun_path[0] = '\0';
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
        if (::bind(fd_, reinterpret_cast<const sockaddr*>(&address), length) != 0)
            throw std::runtime_error("cannot bind " + name_);
    }
    ~DatagramSocket() { ::close(fd_); }
    DatagramSocket(const DatagramSocket&) = delete;
    DatagramSocket& operator=(const DatagramSocket&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }
    /// The next datagram; nothing if none comes in half a minute.
    [[nodiscard]] std::optional<std::string> receive(int milliseconds = 30'000) const {
        pollfd poll{fd_, POLLIN, 0};
        if (::poll(&poll, 1, milliseconds) <= 0) return std::nullopt;
        std::array<char, 65536> buffer{};
        const auto size = ::recv(fd_, buffer.data(), buffer.size(), 0);
        return std::string(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    }
    /// Passes over datagrams until one holds `part`; that one, or nothing.
    [[nodiscard]] std::optional<std::string> receive_with(const std::string& part) const {
        while (auto got = receive())
            if (got->find(part) != std::string::npos) return got;
        return std::nullopt;
    }

  private:
    std::string name_;
    int fd_;
};

} // namespace nixie

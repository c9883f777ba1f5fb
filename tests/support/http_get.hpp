// What a server on loopback answers to bytes that a test sends it.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

namespace nixie {

/// All until it closes the connection; empty if nobody listens.
inline std::string answer_to(int port, const std::string& request) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    std::string out;
    if (::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        ::send(socket, request.data(), request.size(), MSG_NOSIGNAL) >= 0) {
        std::array<char, 4096> bytes{};
        for (ssize_t read = 0; (read = ::recv(socket, bytes.data(), bytes.size(), 0)) > 0;)
            out.append(bytes.data(), static_cast<std::size_t>(read));
    }
    ::close(socket);
    return out;
}

inline std::string http_get(int port, const std::string& path) {
    return answer_to(port, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
}

} // namespace nixie

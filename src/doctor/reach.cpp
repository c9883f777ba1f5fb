#include "doctor/reach.hpp"

#include <netdb.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>

#include "mailbox/files.hpp"
#include "mailbox/waiting.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_addresses = 16;

std::string address_text(const addrinfo& found) {
    std::array<char, NI_MAXHOST> text{};
    if (::getnameinfo(found.ai_addr, found.ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) != 0)
        return "?";
    return text.data();
}

Error not_connected(int cause) { return {ErrorCode::unavailable, std::strerror(cause)}; }

} // namespace

Result<std::vector<Address>> look_up(const std::string& host, int port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
    if (failed == EAI_AGAIN)
        return Error{ErrorCode::unavailable, "the name server does not answer", host,
                     "check /etc/resolv.conf and the network of this machine"};
    if (failed != 0)
        return Error{ErrorCode::unavailable, std::string("it has no address: ") + ::gai_strerror(failed), host,
                     "check the host name in `url`; the provider's help page on IMAP names it"};
    std::vector<Address> out;
    for (; found && out.size() < most_addresses; found = found->ai_next) {
        Address address;
        address.text = address_text(*found);
        address.length = found->ai_addrlen;
        std::memcpy(&address.socket, found->ai_addr, found->ai_addrlen);
        out.push_back(std::move(address));
    }
    return out;
}

Result<std::chrono::milliseconds> try_connection(const Address& address, Duration timeout) {
    const auto begin = std::chrono::steady_clock::now();
    const FileDescriptor socket(::socket(address.socket.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!socket) return not_connected(errno);
    const auto* const where = reinterpret_cast<const sockaddr*>(&address.socket);
    if (::connect(socket.get(), where, address.length) != 0) {
        if (errno != EINPROGRESS) return not_connected(errno);
        if (wait_for(socket.get(), POLLOUT, from_now(timeout), -1) == Ready::timeout) return not_connected(ETIMEDOUT);
        int cause = 0;
        socklen_t length = sizeof cause;
        if (::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &cause, &length) != 0) cause = errno;
        if (cause != 0) return not_connected(cause);
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
}

} // namespace nixie

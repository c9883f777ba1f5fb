#include "support/proxy_server.hpp"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <thread>

#include "support/loopback_listener.hpp"

namespace nixie {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    return address;
}

void say(int fd, const std::string& text) { ::send(fd, text.data(), text.size(), MSG_NOSIGNAL); }

/// Exactly so many bytes; fewer at the end of the stream.
std::string take(int fd, std::size_t size) {
    std::string out(size, '\0');
    std::size_t have = 0;
    while (have < size) {
        const ssize_t got = ::recv(fd, out.data() + have, size - have, 0);
        if (got <= 0) break;
        have += static_cast<std::size_t>(got);
    }
    out.resize(have);
    return out;
}

int byte_at(const std::string& text, std::size_t at) {
    return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

int connect_to(int port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    ::close(fd);
    return -1;
}

void carry(int a, int b) {
    std::array<pollfd, 2> ends{{{a, POLLIN, 0}, {b, POLLIN, 0}}};
    std::array<char, 16384> buffer{};
    while (::poll(ends.data(), ends.size(), 30'000) > 0)
        for (const auto& end : ends) {
            if (end.revents == 0) continue;
            const ssize_t got = ::recv(end.fd, buffer.data(), buffer.size(), 0);
            if (got <= 0) return;
            say(end.fd == a ? b : a, {buffer.data(), static_cast<std::size_t>(got)});
        }
}

/// What SOCKS 5 asks for, as "host:port"; the first byte is read already.
std::string read_socks(int client) {
    take(client, static_cast<std::size_t>(byte_at(take(client, 1), 0))); // methods
    say(client, std::string("\x05\x00", 2));
    const std::string head = take(client, 4);
    if (byte_at(head, 3) != 3) return {}; // only names: socks5h
    const std::string host = take(client, static_cast<std::size_t>(byte_at(take(client, 1), 0)));
    const std::string port = take(client, 2);
    return host + ":" + std::to_string(byte_at(port, 0) * 256 + byte_at(port, 1));
}

/// What CONNECT asks for, with the credentials in front of an '@'.
std::string read_connect(int client) {
    std::string head = "C";
    while (head.find("\r\n\r\n") == std::string::npos) {
        const std::string next = take(client, 1);
        if (next.empty()) return {};
        head += next;
    }
    const auto begin = head.find(' ') + 1;
    std::string out = head.substr(begin, head.find(' ', begin) - begin);
    const std::string basic = "Proxy-Authorization: Basic ";
    if (const auto at = head.find(basic); at != std::string::npos)
        out = head.substr(at + basic.size(), head.find('\r', at) - at - basic.size()) + "@" + out;
    return out;
}

} // namespace

struct ProxyServer::Impl {
    LoopbackListener listener;
    mutable std::mutex mutex;
    std::vector<std::string> asked;
    std::thread thread;

    void serve() {
        for (int client = 0; (client = listener.accept()) >= 0;) {
            relay(client);
            ::close(client);
        }
    }
    void relay(int client) {
        const bool socks = byte_at(take(client, 1), 0) == 5;
        const std::string target = socks ? read_socks(client) : read_connect(client);
        {
            const std::lock_guard lock(mutex);
            asked.push_back(target);
        }
        const int server = connect_to(std::stoi("0" + target.substr(target.rfind(':') + 1)));
        if (socks)
            say(client, std::string(server < 0 ? "\x05\x05" : "\x05\x00", 2) + std::string("\0\x01\0\0\0\0\0\0", 8));
        else
            say(client, server < 0 ? "HTTP/1.1 502 no\r\n\r\n" : "HTTP/1.1 200 yes\r\n\r\n");
        if (server < 0) return;
        carry(client, server);
        ::close(server);
    }
};

ProxyServer::ProxyServer() : impl_(std::make_unique<Impl>()) {
    impl_->thread = std::thread([this] { impl_->serve(); });
}

ProxyServer::~ProxyServer() {
    impl_->listener.shut();
    impl_->thread.join();
}

std::string ProxyServer::url(const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + std::to_string(impl_->listener.port());
}

std::vector<std::string> ProxyServer::asked() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->asked;
}

} // namespace nixie

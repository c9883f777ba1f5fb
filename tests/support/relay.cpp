#include "support/relay.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nixie {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t piece = std::size_t{256} * 1024;
/// What may be on its way in one direction; more than any client here asks for before it reads.
constexpr std::size_t most_on_the_way = std::size_t{256} << 20;

class Socket {
  public:
    explicit Socket(int fd = -1) : fd_(fd) {}
    Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Socket& operator=(Socket&& other) noexcept {
        std::swap(fd_, other.fd_);
        return *this;
    }
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const { return fd_; }
    explicit operator bool() const { return fd_ >= 0; }

  private:
    int fd_;
};

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<in_port_t>(port));
    return address;
}

void make_prompt(const Socket& socket) {
    const int yes = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
}

/// One direction of one connection.
struct Way {
    struct Chunk {
        Clock::time_point ready;
        std::string bytes;
    };
    std::deque<Chunk> chunks;
    std::size_t held = 0;
    std::size_t passed = 0;
    std::optional<StreamFault> fault; ///< still to come
    Clock::time_point closed_until{};
    bool ended = false; ///< nothing more comes in
    bool shut = false;  ///< and the other side was told

    void take(std::string&& bytes, Clock::time_point ready) {
        held += bytes.size();
        chunks.push_back({ready, std::move(bytes)});
    }
    [[nodiscard]] bool is_due(Clock::time_point now) const {
        return !chunks.empty() && chunks.front().ready <= now && closed_until <= now;
    }
    [[nodiscard]] Clock::time_point due() const { return std::max(chunks.front().ready, closed_until); }
};

struct Link {
    Socket client, server;
    Way up, down;
    bool dead = false;  ///< nothing passes any more
    bool first = false; ///< of the relay's connections
};

} // namespace

struct Relay::Impl {
    int server_port;
    std::chrono::milliseconds delay;
    std::optional<StreamFault> fault;
    Socket listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    Socket bell{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    int port = 0;
    std::list<Link> links;
    bool first = true;
    std::array<std::atomic<std::size_t>, 2> passed{};
    std::mutex mutex;
    std::condition_variable settled;
    bool stopping = false, settling = false;
    std::thread thread;

    void start() {
        sockaddr_in address = loopback(0);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (::bind(listener.get(), generic, length) != 0 || ::listen(listener.get(), 16) != 0 ||
            ::getsockname(listener.get(), generic, &length) != 0)
            throw std::runtime_error("no port on loopback");
        ::fcntl(listener.get(), F_SETFL, O_NONBLOCK);
        port = ntohs(address.sin_port);
        thread = std::thread([this] { serve(); });
    }

    void ring() const {
        const std::uint64_t one = 1;
        if (::write(bell.get(), &one, sizeof one) < 0) std::abort();
    }

    void serve() {
        for (;;) {
            {
                const std::lock_guard lock(mutex);
                if (stopping) return;
                if (settling) {
                    for (auto& link : links) hang_up(link);
                    if (links.empty()) {
                        settling = false;
                        settled.notify_all();
                    }
                }
            }
            wait();
            while (accept_one()) {
            }
            for (auto& link : links) work(link);
            links.remove_if([](const Link& link) { return !link.client && !link.server; });
        }
    }

    bool accept_one() {
        Link link;
        link.client = Socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!link.client) return false;
        link.server = Socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const sockaddr_in address = loopback(server_port);
        if (::connect(link.server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return true;
        make_prompt(link.client);
        make_prompt(link.server);
        link.first = std::exchange(first, false);
        if (link.first && fault) (fault->direction == Direction::to_server ? link.up : link.down).fault = fault;
        links.push_back(std::move(link));
        return true;
    }

    /// Until something can be read, something that waits can be written, or its time has come.
    void wait() {
        std::vector<pollfd> polls{{listener.get(), POLLIN, 0}, {bell.get(), POLLIN, 0}};
        const auto now = Clock::now();
        auto next = now + std::chrono::seconds(1);
        for (const auto& link : links) {
            short client = 0;
            short server = 0;
            if (link.up.held < most_on_the_way && !link.up.ended) client |= POLLIN;
            if (link.down.held < most_on_the_way && !link.down.ended) server |= POLLIN;
            for (const Way* const way : {&link.up, &link.down}) {
                if (way->chunks.empty() || link.dead) continue;
                if (way->is_due(now))
                    (way == &link.up ? server : client) |= POLLOUT;
                else
                    next = std::min(next, way->due());
            }
            polls.push_back({link.client.get(), client, 0});
            polls.push_back({link.server.get(), server, 0});
        }
        for (auto& poll : polls)
            if (poll.events == 0) poll.fd = -1; // else a closed side would end every wait
        const auto left = std::max(next - Clock::now(), Clock::duration::zero());
        const timespec timeout{
            std::chrono::duration_cast<std::chrono::seconds>(left).count(),
            std::chrono::duration_cast<std::chrono::nanoseconds>(left % std::chrono::seconds(1)).count()};
        ::ppoll(polls.data(), polls.size(), &timeout, nullptr);
        std::uint64_t rung = 0;
        static_cast<void>(!::read(bell.get(), &rung, sizeof rung));
    }

    void work(Link& link) {
        read(link, link.client, link.up);
        read(link, link.server, link.down);
        if (!link.dead) {
            write(link, link.up, link.server, Direction::to_server);
            write(link, link.down, link.client, Direction::to_client);
        }
        if (link.up.ended && (link.dead || link.down.shut)) hang_up(link);
        if (link.down.ended && link.dead) link.server = Socket();
        if (link.down.ended && !link.client) link.server = Socket();
    }

    void read(const Link& link, const Socket& from, Way& way) const {
        while (from && !way.ended && way.held < most_on_the_way) {
            std::string bytes(piece, '\0');
            const ssize_t got = ::recv(from.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
            if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (got <= 0) {
                way.ended = true;
                return;
            }
            bytes.resize(static_cast<std::size_t>(got));
            if (!link.dead) way.take(std::move(bytes), Clock::now() + delay);
        }
    }

    void write(Link& link, Way& way, const Socket& to, Direction direction) {
        while (!link.dead && way.is_due(Clock::now())) {
            std::string& bytes = way.chunks.front().bytes;
            std::size_t size = bytes.size();
            if (way.fault) size = std::min(size, way.fault->at - way.passed);
            if (size == 0) {
                befall(link, way);
                continue;
            }
            const ssize_t sent = ::send(to.get(), bytes.data(), size, MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return;
            if (sent < 0) return hang_up(link);
            const auto count = static_cast<std::size_t>(sent);
            way.passed += count;
            way.held -= count;
            if (link.first) passed[static_cast<std::size_t>(direction)] = way.passed;
            if (count == bytes.size())
                way.chunks.pop_front();
            else
                bytes.erase(0, count);
        }
        if (way.ended && way.chunks.empty() && !way.shut) {
            ::shutdown(to.get(), SHUT_WR);
            way.shut = true;
        }
    }

    void befall(Link& link, Way& way) const {
        const StreamFault fault_now = *std::exchange(way.fault, std::nullopt);
        switch (fault_now.kind) {
            case StreamFault::Kind::cut:
                hang_up(link);
                return;
            case StreamFault::Kind::stall:
                link.dead = true;
                return;
            case StreamFault::Kind::delay:
                break;
            case StreamFault::Kind::split:
                way.fault = fault_now;
                way.fault->kind = StreamFault::Kind::delay;
                ++way.fault->at;
                break;
        }
        way.closed_until = Clock::now() + fault_now.pause;
    }

    /// The client is gone. The server is told, and read to its end.
    static void hang_up(Link& link) {
        link.dead = true;
        link.client = Socket();
        link.up.ended = true;
        for (Way* const way : {&link.up, &link.down}) {
            way->chunks.clear();
            way->held = 0;
        }
        if (!std::exchange(link.up.shut, true)) ::shutdown(link.server.get(), SHUT_WR);
    }
};

Relay::Relay(int server_port, std::chrono::milliseconds delay, std::optional<StreamFault> fault)
    : impl_(std::make_unique<Impl>()) {
    impl_->server_port = server_port;
    impl_->delay = delay;
    impl_->fault = fault;
    impl_->start();
}

Relay::~Relay() {
    {
        const std::lock_guard lock(impl_->mutex);
        impl_->stopping = true;
    }
    impl_->ring();
    impl_->thread.join();
}

int Relay::port() const { return impl_->port; }

std::size_t Relay::passed(Direction direction) const { return impl_->passed[static_cast<std::size_t>(direction)]; }

bool Relay::settle() {
    std::unique_lock lock(impl_->mutex);
    impl_->settling = true;
    impl_->ring();
    return impl_->settled.wait_for(lock, std::chrono::seconds(30), [this] { return !impl_->settling; });
}

} // namespace nixie

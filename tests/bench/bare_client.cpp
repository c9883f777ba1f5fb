#include "bench/bare_client.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <stdexcept>
#include <string_view>

namespace {

/// Dovecot takes a command of up to 64 KiB.
constexpr std::size_t longest_set = 60'000;
constexpr std::size_t messages_a_fetch = 500;

class BareClient {
  public:
    explicit BareClient(int port) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(static_cast<in_port_t>(port));
        if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error("bare client: no connection");
        const int yes = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
        fcntl(socket_, F_SETFL, O_NONBLOCK);
        buffer_.resize(std::size_t{1} << 18);
    }
    ~BareClient() { close(socket_); }
    BareClient(const BareClient&) = delete;
    BareClient& operator=(const BareClient&) = delete;

    void command(const std::string& text) {
        out_ += "b" + std::to_string(++sent_) + " " + text + "\r\n";
        ++pending_;
    }
    /// Until all commands are answered.
    void finish() {
        while (pending_ > 0) step();
    }
    void greet() {
        greeted_ = false;
        while (!greeted_) step();
    }
    std::vector<unsigned> found; ///< by SEARCH

  private:
    void step() {
        pollfd poll{socket_, static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT), 0};
        ::poll(&poll, 1, -1);
        if (!out_.empty()) {
            const ssize_t sent = send(socket_, out_.data(), out_.size(), MSG_NOSIGNAL);
            if (sent > 0) out_.erase(0, static_cast<std::size_t>(sent));
        }
        const ssize_t got = recv(socket_, buffer_.data(), buffer_.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (got <= 0) throw std::runtime_error("bare client: connection lost");
        take({buffer_.data(), static_cast<std::size_t>(got)});
    }

    void take(std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t skipped = std::min(literal_, bytes.size());
            literal_ -= skipped;
            bytes.remove_prefix(skipped);
            const auto end = bytes.find('\n');
            line_.append(bytes.substr(0, end));
            if (end == std::string_view::npos) return;
            bytes.remove_prefix(end + 1);
            take_line();
            line_.clear();
        }
    }

    void take_line() {
        if (line_.ends_with("}\r")) {
            literal_ = std::stoul(line_.substr(line_.rfind('{') + 1));
        } else if (line_.starts_with('b')) {
            if (line_.find(" OK") == std::string::npos) throw std::runtime_error("bare client: " + line_);
            --pending_;
        } else if (line_.starts_with("* OK")) {
            greeted_ = true;
        } else if (line_.starts_with("* SEARCH")) {
            const char* at = line_.c_str() + std::strlen("* SEARCH");
            for (char* end = nullptr;; at = end) {
                const auto uid = std::strtoul(at, &end, 10);
                if (end == at) return;
                found.push_back(static_cast<unsigned>(uid));
            }
        }
    }

    int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    std::string buffer_, out_, line_;
    std::size_t literal_ = 0, sent_ = 0, pending_ = 0;
    bool greeted_ = false;
};

/// "1:4,7" in as few commands as the server's longest line allows.
std::vector<std::string> sets_of(const std::vector<unsigned>& uids) {
    std::vector<std::string> out{""};
    for (std::size_t i = 0; i < uids.size();) {
        std::size_t end = i + 1;
        while (end < uids.size() && uids[end] == uids[end - 1] + 1) ++end;
        if (out.back().size() > longest_set) out.emplace_back();
        if (!out.back().empty()) out.back() += ',';
        out.back() += std::to_string(uids[i]);
        if (end > i + 1) out.back() += ":" + std::to_string(uids[end - 1]);
        i = end;
    }
    return out;
}

} // namespace

void drain_barely(int port, const std::string& user, std::size_t max_bytes, const std::vector<std::string>& folders) {
    BareClient client(port);
    client.greet();
    client.command("LOGIN " + user + " pw");
    client.finish();
    client.command("SELECT INBOX");
    client.command("UID SEARCH ALL");
    client.finish();
    std::map<std::string, std::vector<unsigned>> moves;
    for (std::size_t i = 0; i < client.found.size(); ++i) moves[folders.at(i)].push_back(client.found[i]);
    const std::string items = " (UID RFC822.SIZE INTERNALDATE BODY.PEEK[]<0." + std::to_string(max_bytes) + ">)";
    for (std::size_t i = 0; i < client.found.size(); i += messages_a_fetch) {
        const std::size_t last = std::min(i + messages_a_fetch, client.found.size()) - 1;
        client.command("UID FETCH " + std::to_string(client.found[i]) + ":" + std::to_string(client.found[last]) +
                       items);
    }
    for (const auto& move : moves) {
        client.command("CREATE " + move.first);
        client.command("SUBSCRIBE " + move.first);
    }
    client.finish();
    for (const auto& [folder, uids] : moves)
        for (const auto& set : sets_of(uids)) client.command("UID MOVE " + set + " " + folder);
    client.finish();
    client.command("LOGOUT");
    client.finish();
}

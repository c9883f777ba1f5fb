// A server of lines (POP3, IMAP) on loopback, one session after the other, that answers as a test tells it and remembers
// what it was asked.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "mailbox/connection.hpp"

namespace nixie {

class ScriptedServer {
  public:
    /// The whole reply to a command, with its line ends; an empty one drops the connection.
    using Answer = std::function<std::string(const std::string& command)>;

    explicit ScriptedServer(Answer answer, std::string greeting = "+OK ready\r\n")
        : answer_(std::move(answer)),
          greeting_(std::move(greeting)),
          listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        auto* const generic = reinterpret_cast<sockaddr*>(&address);
        if (bind(listener_, generic, length) != 0 || getsockname(listener_, generic, &length) != 0 ||
            listen(listener_, 1) != 0)
            throw std::runtime_error("no port on loopback");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ScriptedServer(const ScriptedServer&) = delete;
    ScriptedServer& operator=(const ScriptedServer&) = delete;
    ~ScriptedServer() {
        shutdown(listener_, SHUT_RDWR); // ends an accept() that nobody came for
        thread_.join();
        close(listener_);
    }

    [[nodiscard]] Endpoint endpoint(const std::string& scheme = "pop3") const {
        Endpoint out;
        out.url = scheme + "://127.0.0.1:" + std::to_string(port_);
        out.tls = Tls::none;
        out.user = "someone";
        out.password = "swordfish";
        out.timeout = Duration{10};
        return out;
    }
    [[nodiscard]] bool was_asked(const std::string& command) const {
        const std::lock_guard lock(mutex_);
        return std::find(asked_.begin(), asked_.end(), command) != asked_.end();
    }
    /// In the order they came, all sessions together.
    [[nodiscard]] std::vector<std::string> asked() const {
        const std::lock_guard lock(mutex_);
        return asked_;
    }
    /// The most commands that lay before the server unanswered.
    [[nodiscard]] std::size_t most_at_once() const {
        const std::lock_guard lock(mutex_);
        return most_at_once_;
    }

  private:
    void serve() {
        for (int client = 0; (client = accept(listener_, nullptr, nullptr)) >= 0;) {
            talk_to(client);
            close(client);
        }
    }
    void talk_to(int client) {
        say(client, greeting_);
        std::string input;
        std::array<char, 4096> buffer{};
        for (bool open = true; open;) {
            const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
            if (got <= 0) break;
            input.append(buffer.data(), static_cast<std::size_t>(got));
            {
                const std::lock_guard lock(mutex_);
                const auto lines = static_cast<std::size_t>(std::count(input.begin(), input.end(), '\n'));
                most_at_once_ = std::max(most_at_once_, lines);
            }
            for (std::size_t end; open && (end = input.find("\r\n")) != std::string::npos; input.erase(0, end + 2))
                open = reply(client, input.substr(0, end));
        }
    }
    bool reply(int client, const std::string& command) {
        {
            const std::lock_guard lock(mutex_);
            asked_.push_back(command);
        }
        const std::string text = answer_(command);
        return !text.empty() && say(client, text) && command != "QUIT";
    }
    static bool say(int client, const std::string& text) {
        return send(client, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
    }

    Answer answer_;
    std::string greeting_;
    int listener_;
    int port_ = 0;
    mutable std::mutex mutex_;
    std::vector<std::string> asked_;
    std::size_t most_at_once_ = 0;
    std::thread thread_;
};

} // namespace nixie

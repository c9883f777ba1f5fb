#include "support/http_receiver.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <mutex>
#include <thread>

#include "base/text.hpp"
#include "support/loopback_listener.hpp"

namespace nixie {

struct HttpReceiver::Impl {
    std::function<Reply(const HttpRequest&)> answer;
    LoopbackListener listener;
    std::thread thread;
    mutable std::mutex mutex;
    std::vector<HttpRequest> requests;

    void serve() {
        for (int client = 0; (client = listener.accept()) >= 0; ::close(client)) {
            HttpRequest request;
            if (!read(client, request)) continue;
            {
                const std::lock_guard lock(mutex);
                requests.push_back(request);
            }
            const Reply reply = answer(request);
            const std::string text = "HTTP/1.1 " + reply.status +
                                     "\r\nConnection: close\r\nContent-Length: " + std::to_string(reply.body.size()) +
                                     "\r\n" + reply.headers + "\r\n" + reply.body;
            std::string_view rest = text;
            while (!rest.empty()) {
                const ssize_t sent = ::send(client, rest.data(), rest.size(), MSG_NOSIGNAL);
                if (sent <= 0) break;
                rest.remove_prefix(static_cast<std::size_t>(sent));
            }
        }
    }

    static bool read(int client, HttpRequest& request) {
        std::string text;
        std::array<char, 4096> buffer{};
        std::size_t head = std::string::npos, length = 0;
        while (head == std::string::npos || text.size() < head + length) {
            const ssize_t got = ::recv(client, buffer.data(), buffer.size(), 0);
            if (got <= 0) return false;
            text.append(buffer.data(), static_cast<std::size_t>(got));
            if (head != std::string::npos) continue;
            const auto end = text.find("\r\n\r\n");
            if (end == std::string::npos) continue;
            head = end + 4;
            read_head(std::string_view(text).substr(0, end), request);
            const auto found = request.headers.find("content-length");
            if (found != request.headers.end()) length = std::stoul(found->second);
        }
        request.body = text.substr(head, length);
        return true;
    }

    static void read_head(std::string_view head, HttpRequest& request) {
        std::string_view line;
        next_line(head, line);
        request.method = line.substr(0, line.find(' '));
        line.remove_prefix(request.method.size() + 1);
        request.path = line.substr(0, line.find(' '));
        while (next_line(head, line)) {
            const auto colon = line.find(':');
            if (colon != std::string_view::npos)
                request.headers[to_lower(line.substr(0, colon))] = trim(line.substr(colon + 1));
        }
    }
};

HttpReceiver::HttpReceiver(std::function<Reply(const HttpRequest&)> answer) : impl_(std::make_unique<Impl>()) {
    impl_->answer = std::move(answer);
    impl_->thread = std::thread([impl = impl_.get()] { impl->serve(); });
}

HttpReceiver::~HttpReceiver() {
    impl_->listener.shut();
    impl_->thread.join();
}

std::string HttpReceiver::url() const { return "http://127.0.0.1:" + std::to_string(impl_->listener.port()); }

std::vector<HttpRequest> HttpReceiver::requests() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->requests;
}

} // namespace nixie

// A receiver of webhooks on loopback: real HTTP, one request a connection, answered as a test tells it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace nixie {

struct HttpRequest {
    std::string method, path;                   ///< the path with its query
    std::map<std::string, std::string> headers; ///< names in lower case
    std::string body;
};

class HttpReceiver {
  public:
    /// `status` as in "204 No Content".
    struct Reply {
        std::string status;
        std::string headers = {}; ///< each with its CR LF
        std::string body = {};
    };
    explicit HttpReceiver(std::function<Reply(const HttpRequest&)> answer);
    ~HttpReceiver();
    HttpReceiver(const HttpReceiver&) = delete;
    HttpReceiver& operator=(const HttpReceiver&) = delete;

    /// "http://127.0.0.1:1234"
    [[nodiscard]] std::string url() const;
    [[nodiscard]] std::vector<HttpRequest> requests() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nixie

// Metrics over HTTP.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "nixie/result.hpp"

struct MHD_Daemon;

namespace nixie {

/// Answers GET /metrics on a thread of its own. Requests are small, connections few and short-lived, and no request has a body:
/// whoever breaks that is cut off, and what waits for that is other scrapers only.
class MetricsListener {
  public:
    /// Called on the listener's thread, one at a time.
    using Text = std::function<Result<std::string>()>;

    /// `host` is a numeric address; with port 0 the kernel chooses.
    static Result<std::unique_ptr<MetricsListener>> open(const std::string& host, int port, Text text);
    /// Returns when an answer under way has been given.
    ~MetricsListener();
    MetricsListener(const MetricsListener&) = delete;
    MetricsListener& operator=(const MetricsListener&) = delete;

    [[nodiscard]] int port() const;
    /// What the library asks for; not for others.
    [[nodiscard]] const Text& text() const { return text_; }

  private:
    explicit MetricsListener(Text text) : text_(std::move(text)) {}

    Text text_;
    MHD_Daemon* daemon_ = nullptr;
};

} // namespace nixie

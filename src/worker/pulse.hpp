// Whether a thread still gets on with its work.
#pragma once

#include <atomic>
#include <chrono>

#include "nixie/time.hpp"

namespace nixie {

/// The thread promises to be heard of again within some time; the watchdog asks whether a promise was broken.
class Pulse {
  public:
    using Moment = std::chrono::steady_clock::time_point;

    /// To be heard of again within `duration`.
    void promise(Duration duration, Moment now = std::chrono::steady_clock::now()) {
        until_ = (now + duration).time_since_epoch().count();
    }
    /// Waits for others and promises nothing.
    void none() { until_ = Moment::max().time_since_epoch().count(); }
    [[nodiscard]] bool broken(Moment now = std::chrono::steady_clock::now()) const {
        return now.time_since_epoch().count() > until_;
    }

  private:
    std::atomic<Moment::rep> until_{Moment::max().time_since_epoch().count()};
};

} // namespace nixie

// Tells events by all ways side by side: one that fails or hangs delays no other.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "base/clock.hpp"
#include "nixie/result.hpp"
#include "worker/settings.hpp"
#include "worker/stop.hpp"

namespace nixie {

/// A thread for each way.
class Courier {
  public:
    /// `clock` must outlive it.
    Courier(std::shared_ptr<const Settings> settings, const Clock& clock);
    /// Ends what is under way.
    ~Courier();
    Courier(const Courier&) = delete;
    Courier& operator=(const Courier&) = delete;

    [[nodiscard]] const Config& config() const { return settings_->config; }
    /// There are new events.
    void wake() const;

  private:
    void serve(const NotifyConfig& way, const Bell& news) const;

    std::shared_ptr<const Settings> settings_;
    const Clock& clock_;
    Bell stop_;
    std::vector<std::unique_ptr<Bell>> news_; ///< one a thread
    std::vector<std::thread> threads_;
};

/// One round of each way, until all are done or a signal asks to stop.
Result<void> deliver_once(const Config& config, const Clock& clock, const Signals& signals);

} // namespace nixie

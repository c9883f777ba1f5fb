// Metrics while nixie runs: as a file for node_exporter, and over HTTP.
#pragma once

#include <memory>
#include <string>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "nixie/result.hpp"
#include "worker/attendant.hpp"
#include "worker/metrics_listener.hpp"

namespace nixie {

/// Reads the journal, also while others write to it.
Result<std::string> metrics_now(const Config& config, const Clock& clock);
/// Writes [metrics] `textfile`, if there is one.
Result<void> write_metrics(const Config& config, const Clock& clock);

/// What a service tells of itself: follows the settings of the house. What fails is logged, once, and tried again at the next
/// call; mail is worked on all the same.
class MetricsDesk {
  public:
    /// `house` must outlive it.
    explicit MetricsDesk(const House& house) : house_(house) {}

    /// Listens where the configuration says now, and writes the file.
    void attend();

  private:
    void listen(const MetricsConfig& config);
    void complain(std::string& told, const Error& error);

    const House& house_;
    MetricsConfig config_; ///< of the listener
    std::unique_ptr<MetricsListener> listener_;
    std::string told_listener_, told_file_; ///< the failure that was logged last
};

} // namespace nixie

// The life of one mailbox in a service.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "store/store.hpp"
#include "worker/chart.hpp"
#include "worker/gate.hpp"
#include "worker/pulse.hpp"
#include "worker/settings.hpp"
#include "worker/stop.hpp"

namespace nixie {

/// A server that says nothing is given up after a minute; no step of a pass takes so many of them.
inline constexpr Duration step_patience = std::chrono::minutes(10);

/// What all mailboxes of a service share. Thread-safe.
class House {
  public:
    House(std::shared_ptr<const Settings> settings, const Clock& time, Duration longest_step)
        : clock(time), patience(longest_step), settings_(std::move(settings)) {}

    [[nodiscard]] std::shared_ptr<const Settings> settings() const {
        const std::lock_guard lock(mutex_);
        return settings_;
    }
    void change(std::shared_ptr<const Settings> settings) {
        const std::lock_guard lock(mutex_);
        settings_ = std::move(settings);
    }

    const Clock& clock;
    const Duration patience; ///< a thread of which nothing is heard for so long hangs
    ConnectionGate gate;
    Bell news;   ///< a mailbox came into another state, or a thread has ended
    Bell events; ///< there may be events to deliver

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const Settings> settings_;
};

/// Passes, and waits for new mail or the poll interval between them, until it is told to stop. Failures are logged and tried
/// again after a backoff. Lives in a thread of its own; what is public may be asked by others.
class Attendant {
  public:
    Attendant(House& house, MailboxConfig config);

    /// Returns when `stop` was rung, with what was in hand finished.
    void attend();

    [[nodiscard]] const MailboxConfig& config() const { return config_; }
    [[nodiscard]] MailboxState state() const { return state_; }
    [[nodiscard]] bool ended() const { return ended_; }

    Bell stop;
    Pulse pulse;

  private:
    Result<Duration> work();
    Result<void> prepare();
    Result<std::optional<Duration>> one_pass(Mailbox& mailbox);
    Result<std::optional<Duration>> rest(Mailbox& mailbox);
    Duration set_back(const Error& error);
    void wait(Duration duration);
    void show();
    [[nodiscard]] bool keeps_connection() const;

    House& house_;
    const MailboxConfig config_;
    std::optional<Store> store_;
    std::optional<Chart> chart_;
    std::minstd_rand random_;
    std::uniform_real_distribution<double> jitter_{0, 1};
    bool was_connected_ = false;
    std::atomic<MailboxState> state_{MailboxState::idle};
    std::atomic<bool> ended_{false};
};

} // namespace nixie

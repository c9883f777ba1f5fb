// What a service tells systemd of itself: the protocol of sd_notify(3), without its library.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

class ServiceManager {
  public:
    /// Takes NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID out of the environment, so that no child speaks for this process.
    /// Where nobody asked to be told, every call does nothing. To be called before any thread.
    static ServiceManager from_environment();

    void ready(std::string_view status) const;
    void status(std::string_view status) const;
    void reloading() const;
    void stopping() const;
    /// "I am alive."
    void ping() const;
    /// How often to ping(); nothing where nobody waits for that.
    [[nodiscard]] std::optional<std::chrono::milliseconds> ping_interval() const { return ping_interval_; }

  private:
    void tell(std::string_view state) const;

    std::string socket_;
    std::optional<std::chrono::milliseconds> ping_interval_;
};

} // namespace nixie

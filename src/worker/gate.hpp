// How many connections are open to each server.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "worker/stop.hpp"

namespace nixie {

/// Mailboxes of one server share its limit; who must wait comes in turn. Thread-safe.
class ConnectionGate {
  public:
    /// Leave to be connected, given back with the object. The gate must outlive it.
    class Leave {
      public:
        Leave() = default; ///< for a mailbox that needs none
        Leave(ConnectionGate& gate, std::string host) : gate_(&gate), host_(std::move(host)) {}
        Leave(Leave&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), host_(std::move(other.host_)) {}
        Leave& operator=(Leave&&) = delete;
        ~Leave() {
            if (gate_) gate_->leave(host_);
        }

      private:
        ConnectionGate* gate_ = nullptr;
        std::string host_;
    };

    /// The mailboxes that there are from now on, and with them each server's limit: the least that one of its mailboxes names.
    void admit(const std::vector<MailboxConfig>& mailboxes);
    /// Waits for its turn; nothing if `stop` was rung meanwhile.
    std::optional<Leave> enter(const MailboxConfig& mailbox, const Bell& stop);
    /// Whether its server has more mailboxes than connections, so that none may keep one while it has nothing to do.
    [[nodiscard]] bool crowded(const MailboxConfig& mailbox) const;

  private:
    struct Server {
        std::size_t limit = 1;
        std::size_t mailboxes = 0;
        std::size_t open = 0;
        std::deque<const Bell*> queue; ///< of those that wait: rung when it is their turn
    };

    void leave(const std::string& host);
    static void call_next(Server& server);

    mutable std::mutex mutex_;
    std::map<std::string, Server> servers_;
};

} // namespace nixie

// A relay on loopback between a client and its server that delays, cuts, stalls or splits what passes.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>

namespace nixie {

enum class Direction { to_server, to_client };

/// What is done to the bytes of one direction of a connection, once `at` of them have passed.
struct StreamFault {
    enum class Kind {
        cut,   ///< both sides are closed
        stall, ///< nothing passes any more, either way; both sides stay open
        delay, ///< nothing passes that way for `pause`, then all that came meanwhile
        split, ///< the next byte goes alone, `pause` after those before it and before those behind it
    };
    Kind kind = Kind::cut;
    Direction direction = Direction::to_client;
    std::size_t at = 0;
    std::chrono::milliseconds pause{0};
};

/// Serves any number of connections, one after the other or at once, until it is destroyed.
class Relay {
  public:
    /// `delay` each way; it adds to the time that bytes take and never limits how many pass. The fault befalls the first
    /// connection only.
    explicit Relay(int server_port, std::chrono::milliseconds delay = {}, std::optional<StreamFault> fault = {});
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    [[nodiscard]] int port() const;
    /// Bytes of the first connection that have passed.
    [[nodiscard]] std::size_t passed(Direction direction) const;
    /// Ends all connections as a client does that is gone, and waits until the server has closed them too: what it still
    /// does for them is done then. False if it does not within half a minute.
    bool settle();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace nixie

// Waits for what another process is about to do.
#pragma once

#include <chrono>
#include <thread>

namespace nixie {

/// Whether `condition` becomes true in half a minute.
template <class Condition>
bool eventually(const Condition& condition) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return true;
}

} // namespace nixie

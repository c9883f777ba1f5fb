// One working instance for each journal.
#pragma once

#include <optional>
#include <string>

#include "nixie/result.hpp"

namespace nixie {

/// Holds "<state>.lock" locked. Let go on destruction, and by the kernel if the process dies.
class InstanceLock {
  public:
    /// ErrorCode::busy, with the other's process id, if it is held.
    static Result<InstanceLock> take(const std::string& state_path);

    /// The process that holds it, as it called itself; nothing if none does. Another may take it meanwhile.
    static std::optional<std::string> holder(const std::string& state_path);

    InstanceLock(InstanceLock&& other) noexcept;
    InstanceLock& operator=(InstanceLock&& other) noexcept;
    ~InstanceLock();

  private:
    explicit InstanceLock(int file) : file_(file) {}
    int file_; ///< descriptor; -1 once moved from
};

} // namespace nixie

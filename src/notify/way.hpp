// What every way to tell events has in common.
#pragma once

#include <string>

#include "nixie/result.hpp"
#include "nixie/time.hpp"
#include "transfer/transfer.hpp"

namespace nixie {

/// An event to be told.
struct Telling {
    std::string key;  ///< the same at each try
    std::string type; ///< "bounce", …
    std::string body; ///< JSON, one line
};

/// One receiver. Not thread-safe.
class Way {
  public:
    virtual ~Way() = default;
    /// Ends well where the receiver has taken the event. Error::wait is how long it asked to be left alone;
    /// ErrorCode::busy with it: not before then, and that is no failure; ErrorCode::forbidden: it wants nothing any more. No error shows a secret.
    virtual Result<void> tell(const Telling& event, Time now, const StopAsked& stop) = 0;
};

} // namespace nixie

// How long to leave a mailbox alone after a failure.
#pragma once

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// `failures` in a row, at least 1; `jitter` from 0 to 1. Doubles from a second to at most 10 min, shortened by up to a fifth so
/// that many workers do not come back together. After a refused login it doubles from an hour to a day: servers lock accounts
/// that keep trying. What the server asked for (Error::wait) is kept, up to a day, and lengthened by up to a tenth.
Duration backoff(const Error& error, int failures, double jitter);

} // namespace nixie

// Ways to tell events, as configured.
#pragma once

#include <memory>

#include "config/config.hpp"
#include "notify/way.hpp"

namespace nixie {

/// Reads the secrets that it needs. Where that fails, each event fails with that error.
std::unique_ptr<Way> make_way(const NotifyConfig& config);

} // namespace nixie

// Ways to tell events, as configured.
#pragma once

#include <memory>

#include "config/config.hpp"
#include "notify/way.hpp"
#include "worker/tries.hpp"

namespace nixie {

/// Reads the secrets that it needs. Where that fails, each event fails with that error. `context` is for ways that make tries.
std::unique_ptr<Way> make_way(const NotifyConfig& config, const TryContext& context);

} // namespace nixie

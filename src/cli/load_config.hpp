// The configuration for a command, with every complaint printed.
#pragma once

#include <optional>
#include <string>

#include "config/config.hpp"

namespace nixie {

/// Nothing if it is not usable; then every complaint stands on standard error.
std::optional<Config> load_config_or_complain(const std::string& file);

} // namespace nixie

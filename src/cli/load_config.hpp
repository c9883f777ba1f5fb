// The configuration for a command: its option, and every complaint printed.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "config/config.hpp"

namespace nixie {

/// The option --config, which most commands take.
void add_config_option(CLI::App& command, std::string& file);

/// Nothing if it is not usable; then every complaint stands on standard error.
std::optional<Config> load_config_or_complain(const std::string& file);

} // namespace nixie

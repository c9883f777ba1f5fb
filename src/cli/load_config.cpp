#include "cli/load_config.hpp"

#include "cli/exit_code.hpp"

namespace nixie {

std::optional<Config> load_config_or_complain(const std::string& file) {
    ConfigResult result = load_config(file);
    for (const auto& error : result.errors) fail(error);
    return std::move(result.config);
}

} // namespace nixie

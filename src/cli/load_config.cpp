#include "cli/load_config.hpp"

#include "cli/exit_code.hpp"

namespace nixie {

void add_config_option(CLI::App& command, std::string& file) {
    file = default_config_file;
    command.add_option("--config,-c", file, "The configuration file")->capture_default_str()->envname("NIXIE_CONFIG");
}

std::optional<Config> load_config_or_complain(const std::string& file) {
    ConfigResult result = load_config(file);
    for (const auto& error : result.errors) fail(error);
    return std::move(result.config);
}

} // namespace nixie

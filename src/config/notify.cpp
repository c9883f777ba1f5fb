#include "config/sections.hpp"

namespace nixie {

void read_notify(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config) {
    TableReader in(table, file, "[notify]", errors);
    config.notify_command = in.text("command");
    in.refuse_other_keys();
}

} // namespace nixie

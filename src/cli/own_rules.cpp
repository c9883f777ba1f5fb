#include "cli/own_rules.hpp"

#include <filesystem>

namespace nixie {

void add_rules_option(CLI::App& command, std::string& directory) {
    command
        .add_option("--rules", directory,
                    std::string("Folder of your own rules and formats, which come before the built-in ones (") +
                        default_rules_directory + " if it is there)")
        ->option_text("DIR");
}

std::vector<std::string> own_rule_folders(const std::string& given) {
    if (!given.empty()) return {given};
    std::error_code ignored;
    if (std::filesystem::exists(default_rules_directory, ignored)) return {default_rules_directory};
    return {};
}

Result<Judge> judge_with_own(const std::string& given) {
    const auto folders = own_rule_folders(given);
    if (folders.empty()) return Judge::built_in();
    return Judge::with_own(folders.front());
}

} // namespace nixie

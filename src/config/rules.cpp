#include <filesystem>

#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {

std::string read_rules_directory(const toml::table* table, const std::string& file, std::vector<Error>& errors) {
    // The usual folder may be missing; one that is named may not.
    std::error_code ignored;
    std::string usual = std::filesystem::exists(default_rules_directory, ignored) ? default_rules_directory : "";
    if (table == nullptr) return usual;
    TableReader in(*table, file, "[rules]", errors);
    const bool named = in.has("directory");
    std::string directory = in.text("directory", usual);
    if (named && !directory.empty() && !std::filesystem::is_directory(directory, ignored))
        in.complain("directory", fmt::format("there is no folder {}", directory),
                    "create it, or leave `directory` out");
    in.refuse_other_keys();
    return directory;
}

} // namespace nixie

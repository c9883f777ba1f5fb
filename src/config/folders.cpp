#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/sections.hpp"

namespace nixie {
bool is_folder_name(std::string_view name) {
    if (name.empty() || name.front() == '/' || name.back() == '/' || name.find("//") != std::string_view::npos)
        return false;
    return std::none_of(name.begin(), name.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }) &&
           to_valid_utf8(name) == name;
}

FolderNames read_folders(const toml::table& table, const std::string& name, FolderNames base, const std::string& file,
                         std::vector<Error>& errors) {
    TableReader in(table, file, name, errors);
    FolderNames folders = std::move(base);
    folders.root = in.text("root", folders.root);
    const auto known = FolderNames::defaults();
    for (const auto& key : in.keys()) {
        const std::string called = in.text(key);
        if (key != "root" && std::find(known.begin(), known.end(), key) == known.end())
            in.complain(key, fmt::format("there is no folder called `{}`", key),
                        fmt::format("known are root, {}", fmt::join(known, ", ")));
        else if (!is_folder_name(called))
            in.complain(key, fmt::format("`{}` is no name for a folder", key),
                        "use UTF-8 text with '/' between levels, no control characters and no empty level");
        else if (key != "root")
            folders.renamed[key] = called;
    }
    return folders;
}

std::vector<std::string> FolderNames::defaults() {
    std::vector<std::string> names;
    for (const auto& category : categories) names.emplace_back(category.name);
    for (const auto& kind : kinds)
        if (kind.kind != Kind::bounce && kind.kind != Kind::other) names.emplace_back(kind.name);
    // The category `other` has that name already.
    names.emplace_back("ordinary");
    names.emplace_back("quarantine");
    return names;
}

std::vector<std::string> FolderNames::path(const std::string& default_name) const {
    const auto found = renamed.find(default_name);
    std::stringstream whole(root + "/" + (found == renamed.end() ? default_name : found->second));
    std::vector<std::string> levels;
    for (std::string level; std::getline(whole, level, '/');) levels.push_back(level);
    return levels;
}

} // namespace nixie

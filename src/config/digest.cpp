#include <algorithm>

#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {
namespace {

/// More often is no digest.
constexpr std::chrono::hours least_every{1};

} // namespace

DigestConfig read_digest(const toml::table& table, const Config& config, const std::string& file,
                         std::vector<Error>& errors) {
    TableReader in(table, file, "[digest]", errors);
    DigestConfig out;
    if (in.has("every")) out.every = in.duration("every", least_every);
    if (out.every && *out.every < least_every)
        in.complain("every", "`every` is shorter than an hour", "write it as 1d or 1w");
    out.file = in.boolean("file", out.file);
    out.folder = in.text("folder", out.folder);
    const auto known = FolderNames::defaults();
    if (!is_folder_name(out.folder) || std::find(known.begin(), known.end(), out.folder) != known.end())
        in.complain("folder", "`folder` is no name for a folder of reports",
                    "use UTF-8 text with '/' between levels, and no name of a category or kind");
    const bool told = std::any_of(config.notify.begin(), config.notify.end(),
                                  [](const auto& way) { return way.wants("digest", {}); });
    if (out.every && !out.file && !told)
        in.complain("every", "the digest goes nowhere", "leave out `file`, or name the event digest in a [[notify]]");
    in.refuse_other_keys();
    return out;
}

} // namespace nixie

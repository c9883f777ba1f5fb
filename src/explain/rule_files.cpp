#include "explain/rule_files.hpp"

#include <algorithm>
#include <utility>

namespace nixie {
namespace {

void read_rules_of(const std::vector<DataFile>& files, Besides besides, RuleFiles& out) {
    for (const auto& file : files) {
        auto rules = read_rules(file, besides, out.errors);
        std::move(rules.begin(), rules.end(), std::back_inserter(out.rules));
    }
}

/// Both readers complain about a table that neither knows and about broken TOML: once is enough.
void drop_repeated(std::vector<Error>& errors) {
    std::vector<Error> kept;
    for (auto& error : errors) {
        const bool known = std::any_of(kept.begin(), kept.end(), [&](const Error& other) {
            return other.where == error.where && (other.what == error.what || error.what.starts_with("unknown key"));
        });
        if (!known) kept.push_back(std::move(error));
    }
    errors = std::move(kept);
}

} // namespace

RuleFiles read_rule_files(const std::vector<std::string>& folders, BuiltIn built_in) {
    RuleFiles out;
    std::vector<DataFile> own;
    for (const auto& folder : folders) {
        auto files = files_in(folder);
        if (!files) {
            out.errors.push_back(files.error());
            continue;
        }
        std::move(files->begin(), files->end(), std::back_inserter(own));
    }
    out.files = own.size();
    std::vector<FormatSource> sources;
    for (const auto& file : own) sources.push_back({file, true});
    read_rules_of(own, Besides::formats, out);
    out.own_rules = out.rules.size();
    if (folders.empty() || built_in == BuiltIn::behind) {
        auto rules = built_in_files("rules");
        auto formats = built_in_files("formats");
        // Nobody has looked at them before where they are what is looked at.
        if (folders.empty())
            for (auto* files : {&rules, &formats})
                for (auto& file : *files) file.origin = DataFile::Origin::given;
        read_rules_of(rules, Besides::nothing, out);
        for (const auto& file : formats) sources.push_back({file});
        if (folders.empty()) out.files = rules.size() + formats.size();
    }
    refuse_taken_ids(out.rules, out.errors);
    out.formats = read_formats(sources, out.errors);
    drop_repeated(out.errors);
    if (folders.empty()) out.own_rules = out.rules.size();
    const auto is_own = [&](const auto& entry) {
        return folders.empty() || std::any_of(own.begin(), own.end(), [&](const DataFile& file) {
                   return entry.where.starts_with(file.name + ":");
               });
    };
    out.own_formats =
        static_cast<std::size_t>(std::count_if(out.formats.formats.begin(), out.formats.formats.end(), is_own));
    out.own_kinds = static_cast<std::size_t>(std::count_if(out.formats.kinds.begin(), out.formats.kinds.end(), is_own));
    return out;
}

} // namespace nixie

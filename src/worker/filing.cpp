#include "worker/filing.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace nixie {
namespace {

int gravity(const Verdict& verdict) {
    switch (verdict.type) {
        case BounceType::hard:
            return 2;
        case BounceType::blocked:
            return 1;
        case BounceType::soft:
            return 0;
    }
    return 0;
}

} // namespace

std::string folder_for(const Judgement& judgement) {
    const Kind kind = judgement.report.kind;
    if (kind == Kind::other) return ordinary_folder;
    if (kind != Kind::bounce) return std::string(name(kind));
    // A bounce may also tell of recipients that were reached; those do not rule where it goes.
    const Verdict* gravest = nullptr;
    for (std::size_t i = 0; i < judgement.verdicts.size(); ++i) {
        const std::string& action = judgement.report.recipients[i].action.text;
        if (action == "delivered" || action == "relayed" || action == "expanded") continue;
        const Verdict& verdict = judgement.verdicts[i];
        if (!gravest || gravity(verdict) > gravity(*gravest)) gravest = &verdict;
    }
    return std::string(name(gravest ? gravest->category : Category::other));
}

std::string join_levels(const FolderPath& levels) { return fmt::format("{}", fmt::join(levels, "/")); }

std::string folder_name(const FolderNames& names, const std::string& default_name) {
    return join_levels(names.path(default_name));
}

FolderPath split_levels(const std::string& folder) {
    FolderPath levels;
    std::size_t begin = 0;
    for (;;) {
        const auto end = folder.find('/', begin);
        levels.push_back(folder.substr(begin, end - begin));
        if (end == std::string::npos) return levels;
        begin = end + 1;
    }
}

} // namespace nixie

#include "doctor/rights.hpp"

#include <span>

#include <fmt/format.h>

#include "base/text.hpp"

namespace nixie {
namespace {

struct Right {
    char letter;
    const char* what;
};

constexpr std::array<Right, 4> inbox_rights{
    {{'l', "see the folder"}, {'r', "read it"}, {'t', "mark messages deleted"}, {'e', "remove moved messages"}}};
constexpr std::array<Right, 3> folder_rights{
    {{'l', "see the folder"}, {'r', "read it"}, {'i', "put messages into it"}}};
constexpr std::array<Right, 1> root_rights{{{'k', "create folders below it"}}};

/// RFC 4314 section 2.1.1: what the letters of RFC 2086 stand for.
std::string all_rights(std::string letters) {
    if (letters.find('c') != std::string::npos) letters += "kx";
    if (letters.find('d') != std::string::npos) letters += "te";
    return letters;
}

void add_missing(const std::string& folder, const std::string& letters, std::span<const Right> wanted, Findings& out) {
    const std::string there = all_rights(letters);
    for (const auto& right : wanted)
        if (there.find(right.letter) == std::string::npos)
            out.push_back({"rights", Mark::problem,
                           fmt::format("{}: may not {} (no right {})", folder, right.what, right.letter),
                           fmt::format("have the owner or the administrator grant it: SETACL {} USER +{}", folder,
                                       right.letter)});
}

} // namespace

Findings rights_findings(const std::map<std::string, std::string>& rights, const std::string& inbox,
                         const std::string& root) {
    Findings out;
    std::size_t known = 0;
    for (const auto& [folder, letters] : rights) {
        if (equals_ignoring_case(folder, inbox))
            add_missing(folder, letters, inbox_rights, out);
        else if (folder == root)
            add_missing(folder, letters, root_rights, out);
        else if (folder.starts_with(root + "/"))
            add_missing(folder, letters, folder_rights, out);
        else
            continue;
        ++known;
    }
    if (out.empty())
        out.push_back(
            {"rights", Mark::ok, fmt::format("all that is needed, in {} folder{}", known, known == 1 ? "" : "s")});
    return out;
}

} // namespace nixie

#include "mailbox/imap/copy_uid.hpp"

#include <array>

#include "mailbox/imap/sets.hpp"

namespace nixie {
namespace {

/// More than one command of ours names.
constexpr std::size_t copied_limit = 1'000'000;

} // namespace

void read_copy_uid(const ImapResponse& response, Filed& filed) {
    if (response.code != "COPYUID") return;
    std::array<std::string_view, 3> words;
    std::string_view rest = response.code_argument;
    for (auto& word : words) {
        const auto space = rest.find(' ');
        word = rest.substr(0, space);
        rest.remove_prefix(space == std::string_view::npos ? rest.size() : space + 1);
    }
    const auto from = read_set(words[1], copied_limit);
    const auto to = read_set(words[2], copied_limit);
    if (!read_uid(words[0]) || !from || !to || from->size() != to->size()) return;
    if (filed.validity != words[0]) filed.uids.clear(); // the folder was replaced between two commands
    filed.validity = words[0];
    for (std::size_t i = 0; i < from->size(); ++i) filed.uids[std::to_string((*from)[i])] = std::to_string((*to)[i]);
}

} // namespace nixie

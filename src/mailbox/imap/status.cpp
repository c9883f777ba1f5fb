#include "mailbox/imap/status.hpp"

#include <charconv>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "mailbox/imap/refusal.hpp"
#include "mailbox/imap/sets.hpp"

namespace nixie {
namespace {

constexpr std::string_view status_items = "(MESSAGES UIDNEXT UIDVALIDITY)";

std::optional<std::size_t> read_number(std::string_view text) {
    std::size_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

/// Of a STATUS response; a server that leaves something out gets no mark, and its folder is looked into.
FolderState read_status(const ImapResponse& response) {
    FolderState state;
    state.exists = true;
    std::optional<std::size_t> messages;
    const auto& items = response.values[1].items;
    for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
        if (equals_ignoring_case(items[i].text, "MESSAGES")) messages = read_number(items[i + 1].text);
        if (equals_ignoring_case(items[i].text, "UIDNEXT") && read_uid(items[i + 1].text))
            state.next = items[i + 1].text;
        if (equals_ignoring_case(items[i].text, "UIDVALIDITY")) state.validity = items[i + 1].text;
    }
    if (state.validity.empty() || state.validity == "0") return {}; // its UIDs do not last: nothing can be compared
    if (!messages || state.next.empty()) {
        state.next.clear(); // without a count what has left is not seen
        return state;
    }
    state.messages = *messages;
    state.mark = state.validity + " " + state.next + " " + std::to_string(*messages);
    return state;
}

ImapCommand list_status(const std::vector<std::string>& names) {
    ImapCommand command(R"(LIST "" )");
    for (std::size_t i = 0; i < names.size(); ++i) command.text(i == 0 ? "(" : " ").string(names[i]);
    command.text(") RETURN (STATUS ").text(status_items).text(")");
    return command;
}

} // namespace

Result<std::vector<FolderState>> look_at_folders(ImapSession& session, ImapFolders& folders,
                                                 std::span<const FolderPath> paths, AskedAlong& along) {
    if (paths.empty()) return std::vector<FolderState>{};
    std::vector<std::string> names;
    std::vector<ImapCommand> commands;
    for (const auto& path : paths) {
        names.push_back(folders.name(path));
        commands.push_back(ImapCommand("STATUS ").string(names.back()).text(" ").text(status_items));
    }
    const bool all_in_one = session.offers("LIST-STATUS") && session.offers("LIST-EXTENDED");
    if (all_in_one) commands.assign(1, list_status(names));
    const auto& separator = folders.space().separator;
    const std::size_t looks = commands.size();
    const bool learning = !folders.has_learnt();
    if (learning) commands.push_back(folders.ask_names());
    std::size_t known = 0;
    if (along.search) {
        const auto search = along.search->commands();
        commands.insert(commands.end(), search.begin(), search.end());
        known = commands.size() - 1; // what is announced before the SEARCH is answered will be found by it
    }
    std::vector<std::string> listed;
    std::map<std::string, FolderState> found;
    const auto read = [&](ImapResponse& response) -> Result<void> {
        if (response.name == "STATUS" && response.values.size() >= 2)
            found[canonical_folder(response.values[0].text, separator)] = read_status(response);
        folders.read_name(response, listed);
        return along.search ? along.search->read(response) : Result<void>{};
    };
    const auto answers = session.run_all(commands, read, known);
    if (!answers) return answers.error();
    if (all_in_one && answers->front().name != "OK") return refusal(commands.front(), answers->front());
    if (learning && (*answers)[looks].name == "OK") folders.learn(listed);
    if (along.search) {
        auto uids = along.search->finish(std::span(*answers).subspan(looks + (learning ? 1 : 0)));
        if (!uids) return uids.error();
        along.found = std::move(*uids);
    }
    std::vector<FolderState> out;
    for (const auto& name : names) out.push_back(found[canonical_folder(name, separator)]);
    return out;
}

} // namespace nixie

#include "mailbox/imap/introduction.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "mailbox/imap/names.hpp"
#include "mailbox/imap/refusal.hpp"

namespace nixie {
namespace {

/// From the answer to ID (RFC 2971).
std::string read_id(const ImapResponse& response) {
    std::string name, version;
    if (response.values.empty()) return {};
    const auto& fields = response.values.front().items;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
        if (equals_ignoring_case(fields[i].text, "name")) name = fields[i + 1].text;
        if (equals_ignoring_case(fields[i].text, "version")) version = fields[i + 1].text;
    }
    return std::string(trim(name + " " + version));
}

/// What changes how names are spelled; empty where the server has nothing of that.
std::string to_enable(const ImapSession& session) {
    std::string out;
    if (!session.offers("ENABLE")) return out;
    for (const char* const extension : {"IMAP4REV2", "UTF8=ACCEPT"})
        if (session.offers(extension)) out += std::string(" ") + extension;
    return out;
}

/// Whether nothing must be known of a server before its inbox is selected: ENABLE would have to come first (RFC 5161).
bool enables_nothing(const ImapSession& session) {
    return session.announced("IMAP4REV1") && !session.announced("IMAP4REV2") && !session.announced("UTF8=ACCEPT");
}

} // namespace

Result<Introduction> introduce(ImapSession& session, ImapFolders& folders, const std::string& inbox, Access access) {
    // What was announced before the login need not hold after it; the answer to the login does. Dovecot leaves it out there for
    // clients that have asked before.
    const bool told = !session.capabilities().empty();
    const bool ask_along = !told && enables_nothing(session);
    std::vector<ImapCommand> commands;
    if (ask_along)
        commands.emplace_back("CAPABILITY");
    else if (!told)
        if (auto asked = session.require(ImapCommand("CAPABILITY")); !asked) return asked.error();
    const std::string extensions = to_enable(session);
    if (!extensions.empty()) commands.push_back(ImapCommand("ENABLE").text(extensions));
    // Some providers refuse SELECT to clients that do not say who they are.
    if (session.offers("ID") || (ask_along && session.announced("ID"))) commands.emplace_back(R"(ID ("name" "nixie"))");
    const std::size_t space = commands.size();
    commands.push_back(ask_along ? ImapCommand("NAMESPACE") : folders.ask_namespace());
    // A name that is the same in both spellings need not wait for the answer to ENABLE.
    const bool at_once = extensions.empty() ||
                         (encode_name(inbox, NameEncoding::utf8) == encode_name(inbox, NameEncoding::modified_utf7));
    FolderSelection selection(session, folders.name_as_given(inbox), access);
    if (at_once) commands.push_back(selection.command());

    Introduction out;
    const auto read = [&](ImapResponse& response) -> Result<void> {
        folders.read_namespace(response);
        if (response.name == "ID") out.server = read_id(response);
        selection.read(response);
        return {};
    };
    const auto answers = session.run_all(commands, read);
    if (!answers) return answers.error();
    if (ask_along && answers->front().name != "OK") return refusal(commands.front(), answers->front());
    auto selected =
        at_once ? selection.finish(answers->back()) : select_folder(session, folders.name_as_given(inbox), access);
    if (!selected) return selected.error();
    if (ask_along && (*answers)[space].name != "OK" && !session.offers("NAMESPACE"))
        if (auto asked = session.run(folders.ask_namespace(), read); !asked) return asked.error();
    out.inbox = std::move(*selected);
    return out;
}

} // namespace nixie

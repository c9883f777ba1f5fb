#include "mailbox/imap/fingerprint.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "mailbox/imap/dates.hpp"
#include "mailbox/imap/fetch.hpp"
#include "mailbox/imap/refusal.hpp"
#include "mailbox/imap/select.hpp"

namespace nixie {
namespace {

/// Empty if nothing in it tells one delivery from another: taking a different message for a copy would lose one.
std::string fingerprint_text(const std::string& header, std::uint64_t size) {
    const std::string fields = "\n" + to_lower(header);
    const bool telling =
        fields.find("\nreceived:") != std::string::npos || fields.find("\nmessage-id:") != std::string::npos;
    return telling ? std::to_string(size) + "\n" + header : "";
}

} // namespace

Result<Fingerprints> fetch_fingerprints(ImapSession& session, const std::vector<ImapUid>& uids) {
    std::vector<ImapCommand> commands;
    for (const auto& set : make_sets(uids, session.at_most(fetch_batch))) {
        commands.push_back(
            ImapCommand("UID FETCH ")
                .text(set.text)
                .text(" (UID RFC822.SIZE INTERNALDATE BODY.PEEK[HEADER.FIELDS (RECEIVED DATE MESSAGE-ID)])"));
    }
    Fingerprints found;
    const auto answers = session.run_all(commands, [&](ImapResponse& response) -> Result<void> {
        const ImapValue* const header = fetch_item(response, "BODY[HEADER.FIELDS");
        const ImapValue* const uid = fetch_item(response, "UID");
        const ImapValue* const date = fetch_item(response, "INTERNALDATE");
        const auto number = uid ? read_uid(uid->text) : std::nullopt;
        if (!header || !number) return {};
        const auto size = fetch_number(response, "RFC822.SIZE").value_or(0);
        found[*number] = {fingerprint_text(header->text, size),
                          date ? parse_mail_date(date->text).value_or(Time{}) : Time{}};
        return {};
    });
    if (!answers) return answers.error();
    for (std::size_t i = 0; i < commands.size(); ++i)
        if (answers.value()[i].name != "OK") return refusal(commands[i], answers.value()[i]);
    return found;
}

Result<Fingerprints> fingerprints_in(ImapSession& session, const std::string& folder, Time since) {
    if (const auto selected = select_folder(session, folder, Access::examine); !selected) return selected.error();
    if (session.exists() == 0) return Fingerprints{};
    // A day earlier, because SINCE takes the day as the server's zone has it.
    const Time day = since - std::chrono::days{1};
    const auto uids = search(session, day > Time{} ? "SINCE " + imap_date(day) : "ALL");
    if (!uids) return uids.error();
    return fetch_fingerprints(session, *uids);
}

Time earliest(const Fingerprints& fingerprints) {
    if (fingerprints.empty()) return {};
    return std::min_element(fingerprints.begin(), fingerprints.end(),
                            [](const auto& a, const auto& b) { return a.second.arrived < b.second.arrived; })
        ->second.arrived;
}

std::set<ImapUid> matching(const Fingerprints& originals, const Fingerprints& copies) {
    std::map<std::string_view, std::size_t> free;
    for (const auto& copy : copies) ++free[copy.second.text];
    std::set<ImapUid> out;
    for (const auto& original : originals) {
        if (original.second.text.empty()) continue;
        const auto copy = free.find(original.second.text);
        if (copy == free.end() || copy->second == 0) continue;
        --copy->second;
        out.insert(original.first);
    }
    return out;
}

} // namespace nixie

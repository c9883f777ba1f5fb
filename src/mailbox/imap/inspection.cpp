#include "mailbox/imap/inspection.hpp"

#include <charconv>

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::size_t most_folders_asked = 200;
constexpr std::size_t most_quotas = 20;

std::uint64_t quota_number(std::string_view text) {
    std::uint64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// * QUOTA "User quota" (STORAGE 10 512 MESSAGE 3 100)
void read_quota(const ImapResponse& response, std::vector<Quota>& out) {
    if (response.name != "QUOTA" || response.values.size() < 2) return;
    const auto& items = response.values[1].items;
    for (std::size_t i = 0; i + 2 < items.size() && out.size() < most_quotas; i += 3) {
        Quota quota{to_lower(items[i].text), quota_number(items[i + 1].text), quota_number(items[i + 2].text)};
        if (quota.limit > 0) out.push_back(std::move(quota));
    }
}

/// * MYRIGHTS INBOX lrswipkxtea
void read_rights(const ImapResponse& response, std::map<std::string, std::string>& out) {
    if (response.name == "MYRIGHTS" && response.values.size() >= 2)
        out[response.values[0].text] = response.values[1].text;
}

} // namespace

Result<void> inspect_account(ImapSession& session, std::span<const std::string> folders, MailboxInfo& info) {
    std::vector<ImapCommand> commands;
    if (session.offers("ACL"))
        for (const auto& folder : folders.first(std::min(folders.size(), most_folders_asked)))
            commands.push_back(ImapCommand("MYRIGHTS ").string(folder));
    if (session.offers("QUOTA")) commands.push_back(ImapCommand("GETQUOTAROOT ").string(folders.front()));
    if (commands.empty()) return {};
    const auto answers = session.run_all(commands, [&](ImapResponse& response) -> Result<void> {
        read_quota(response, info.quotas);
        read_rights(response, info.rights);
        return {};
    });
    return answers ? Result<void>{} : Result<void>(answers.error());
}

} // namespace nixie

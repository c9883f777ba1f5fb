#include "setup/preview.hpp"

#include <algorithm>

#include "worker/filing.hpp"
#include "worker/mailboxes.hpp"

namespace nixie {

Result<Preview> preview_mailbox(const MailboxConfig& config, const Judge& judge, std::size_t most) {
    auto mailbox = make_mailbox(config);
    if (!mailbox) return mailbox.error();
    if (auto opened = (*mailbox)->open(Access::examine); !opened) return opened.error();
    auto info = (*mailbox)->inspect();
    if (!info) return info.error();
    Preview out{std::move(info).value(), {}, {}};
    for (const auto& name : FolderNames::defaults()) {
        const std::string folder = folder_name(config.folders, name);
        const auto& there = out.info.folders;
        if (std::find(there.begin(), there.end(), folder) == there.end()) out.missing.push_back(folder);
    }
    auto listing = (*mailbox)->list();
    if (!listing) return listing.error();
    listing->uids.resize(std::min(listing->uids.size(), most));
    const auto fetched = (*mailbox)->fetch(listing->uids, Limits{}.bytes, [&](FetchedMessage&& message) {
        Judgement judgement = judge(message.bytes);
        const std::string folder = folder_name(config.folders, folder_for(judgement));
        out.messages.push_back({folder, std::move(judgement)});
    });
    if (!fetched) return fetched.error();
    if (auto closed = (*mailbox)->close(); !closed) return closed.error();
    return out;
}

} // namespace nixie

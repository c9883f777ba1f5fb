// What nixie would do with a mailbox, without doing it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "nixie/judge.hpp"

namespace nixie {

struct PreviewedMessage {
    std::string folder; ///< where it would go, levels joined by '/'
    Judgement judgement;
};

struct Preview {
    MailboxInfo info;
    std::vector<std::string> missing; ///< folders that would be created, when first needed
    std::vector<PreviewedMessage> messages;
};

/// Logs in, reads and judges the first `most` messages of the inbox, and changes nothing (EXAMINE).
Result<Preview> preview_mailbox(const MailboxConfig& config, const Judge& judge, std::size_t most);

} // namespace nixie

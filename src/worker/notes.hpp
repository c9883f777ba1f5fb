// A message in front of each folder that tells, in a mail client, what is in it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "config/config.hpp"
#include "mailbox/mailbox.hpp"
#include "store/store.hpp"

namespace nixie {

/// What a folder's note says.
struct NoteText {
    std::string folder;  ///< its default name
    std::string subject; ///< "412 bounces: there is no such mailbox (400 hard, 12 soft)"
    std::string advice;
};

/// Of all folders into which something of that mailbox went since the journal began.
std::vector<NoteText> note_texts(const std::vector<Counter>& counters, const std::string& mailbox);

/// Puts notes whose text has changed in the place of those before, or takes all back where the mailbox is not to have any. A
/// failure is logged and tried again in a later pass; it is none of the pass's. The mailbox is open for change.
void put_notes(Mailbox& mailbox, Store& store, const MailboxConfig& mailbox_config, const Clock& clock);

} // namespace nixie

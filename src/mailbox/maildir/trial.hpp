// A trial of filing in a Maildir tree.
#pragma once

#include "mailbox/mailbox.hpp"
#include "mailbox/maildir/tree.hpp"
#include "mailbox/trial.hpp"

namespace nixie {

/// Creates two folders below `root`, puts a message into one, moves it to the other, and removes all of that.
FilingTrial try_maildir(const MaildirTree& tree, const FolderPath& root);

} // namespace nixie

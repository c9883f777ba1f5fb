// From a fetched message and its judgement to what the journal keeps.
#pragma once

#include <string>
#include <string_view>

#include "mailbox/mailbox.hpp"
#include "nixie/judge.hpp"
#include "store/store.hpp"
#include "worker/cycle.hpp"

namespace nixie {

/// SHA-256 in lower-case hexadecimal, with CR LF taken for LF: a message filed from a server into a Maildir stays the same.
std::string sha256_hex(std::string_view bytes);

/// `folder` is the full path, levels joined by '/'.
MessageRecord make_record(MessageKey key, const FetchedMessage& message, const Judgement& judgement,
                          std::string folder);

/// The same in a pass, where a soft bounce keeps the message that it returned if that may have to be sent again: it came back
/// whole, and a valid token names the one recipient whom the report is about.
MessageRecord make_record(const CycleContext& context, const std::string& validity, const FetchedMessage& message,
                          const Judgement& judgement, std::string folder);

/// For a message that could not be read in as many attempts as `progress` counts, the one that is given up not among them.
MessageRecord make_quarantine_record(MessageKey key, const Progress& progress, std::string folder, Time now);

} // namespace nixie

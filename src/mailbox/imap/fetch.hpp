// Fetching messages by UID: many a command, several commands under way, whatever order the answers come in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "mailbox/imap/session.hpp"
#include "mailbox/imap/sets.hpp"
#include "mailbox/mailbox.hpp"

namespace nixie {

constexpr std::size_t fetch_batch = 500;

/// The value of the data item of a FETCH response whose name begins so: "UID", "BODY[]" (also of "BODY[]<0>"). Null if it
/// is not there. Looks into `response`.
const ImapValue* fetch_item(const ImapResponse& response, std::string_view name);
ImapValue* fetch_item(ImapResponse& response, std::string_view name);
std::optional<std::uint64_t> fetch_number(const ImapResponse& response, std::string_view name);

/// The message in a FETCH response with a body; nothing in any other response. `size` is larger than what came if the
/// message was cut at `max_bytes`, whatever RFC822.SIZE claims.
std::optional<FetchedMessage> read_message(ImapResponse& response, std::size_t max_bytes);

/// Mailbox::fetch_all() and Mailbox::fetch(). Messages the server refuses to hand over are passed over and logged, unless it refuses all.
Result<void> fetch_messages(ImapSession& session, const Mailbox::Chunks& chunks, std::size_t max_bytes,
                            const Mailbox::Sink& sink, const ImapLog& log);
Result<void> fetch_messages(ImapSession& session, std::vector<ImapUid> uids, std::size_t max_bytes,
                            const Mailbox::Sink& sink, const ImapLog& log);

} // namespace nixie

// COMPRESS=DEFLATE (RFC 4978): both directions of a connection compressed.
#pragma once

#include <memory>
#include <string_view>

#include "mailbox/imap/stream.hpp"

namespace nixie {

/// `received` is what came after the server's OK, compressed already.
std::unique_ptr<ImapStream> deflated(std::unique_ptr<ImapStream> stream, std::string_view received);

} // namespace nixie

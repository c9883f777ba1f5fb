// The URLs that name a mailbox.
#pragma once

#include <string_view>

#include "config/config.hpp"

namespace nixie {

/// Sets protocol, encryption, host, port and path of `mailbox` from imaps://, imap://, pop3s://, pop3:// or maildir:. An
/// imap:// or pop3:// URL means STARTTLS, but no encryption on loopback. The error says what is wrong with the URL.
Result<void> read_url(std::string_view url, MailboxConfig& mailbox);

/// Whether a connection to `host` stays on this machine: localhost, 127.0.0.0/8, ::1.
bool is_loopback(std::string_view host);

} // namespace nixie

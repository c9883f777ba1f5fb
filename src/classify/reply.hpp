// SMTP replies inside a diagnostic.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// The words of a diagnostic, for rules to search:
/// - A multi-line reply repeats its code, and mostly its status, at the start of every line (RFC 5321 section 4.2.1), and
///   these stand in the midst of phrases once the lines are joined. The first stays.
/// - Addresses shrink to "@" and "host NAME[ADDRESS]" goes: names are chosen freely and may say anything.
/// - Cisco's gateways put "5.1.0 - Unknown address error" before any reply to RCPT TO that they quote: it goes too.
/// - `domain`, the recipient's, and hosts in it become "x.y" for the same reason: mailbox.example does not speak of a mailbox.
std::string words_of(std::string_view diagnostic, std::string_view domain = {});

} // namespace nixie

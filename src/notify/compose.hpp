// Mails of nixie's own, as RFC 5322 and MIME want them.
#pragma once

#include <string>
#include <string_view>

#include "nixie/time.hpp"

namespace nixie {

/// The fields that every such mail begins with. Addresses are ASCII; the subject is UTF-8.
struct MailHead {
    std::string from, to;
    std::string subject;
    std::string message_id; ///< without angle brackets
    Time date{};
};

/// Up to and with MIME-Version, each line with CR LF. Marked as made by a program, so that nobody's auto-reply answers.
std::string compose_head(const MailHead& head);

/// The same thing twice, as text and as HTML (multipart/alternative, quoted-printable): 7-bit, no line above 78 bytes, CR LF. Its
/// head says that it is a report of nixie's, which nixie then leaves alone.
std::string compose_report(const MailHead& head, std::string_view text, std::string_view html);

/// Only a head, which says that it is a note of nixie's on the folder that it lies in, and `comments`, ASCII, for who looks there.
std::string compose_note(const MailHead& head, std::string_view comments);

/// RFC 2047 where `text` is not plain ASCII, in words that fit into folded lines; else as it is.
std::string encoded_subject(std::string_view text);
/// RFC 2045, 6.7: UTF-8 text with any line ends.
std::string quoted_printable(std::string_view text);

} // namespace nixie

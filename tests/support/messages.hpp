// Messages for tests that need many, or just some.
#pragma once

#include <string>

namespace nixie {

/// A report as Postfix writes it (RFC 3464) that `address` failed with `status` and `reply`; `id` makes it unlike any other.
inline std::string bounce_message(const std::string& id, const std::string& address, const std::string& status,
                                  const std::string& reply) {
    return "Return-Path: <>\r\n"
           "Date: Sat, 21 Nov 2026 10:00:00 +0000\r\n"
           "From: MAILER-DAEMON@mail.sender.example (Mail Delivery System)\r\n"
           "Subject: Undelivered Mail Returned to Sender\r\n"
           "To: newsletter@sender.example\r\n"
           "Auto-Submitted: auto-replied\r\n"
           "MIME-Version: 1.0\r\n"
           "Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n"
           "Message-Id: <" +
           id +
           "@mail.sender.example>\r\n"
           "\r\n"
           "--b\r\n"
           "Content-Type: text/plain\r\n"
           "\r\n"
           "This is the mail system at host mail.sender.example.\r\n"
           "\r\n"
           "<" +
           address + ">: host mx.example.org[192.0.2.1] said: " + reply +
           " (in reply to RCPT TO command)\r\n"
           "\r\n"
           "--b\r\n"
           "Content-Type: message/delivery-status\r\n"
           "\r\n"
           "Reporting-MTA: dns; mail.sender.example\r\n"
           "\r\n"
           "Final-Recipient: rfc822; " +
           address +
           "\r\n"
           "Action: failed\r\n"
           "Status: " +
           status +
           "\r\n"
           "Remote-MTA: dns; mx.example.org\r\n"
           "Diagnostic-Code: smtp; " +
           reply +
           "\r\n"
           "\r\n"
           "--b\r\n"
           "Content-Type: text/rfc822-headers\r\n"
           "\r\n"
           "Subject: News\r\n"
           "Message-ID: <" +
           id +
           "@sender.example>\r\n"
           "\r\n"
           "--b--\r\n";
}

inline std::string ordinary_message(const std::string& id) {
    return "From: fay@example.org\r\nTo: newsletter@sender.example\r\nSubject: Thank you\r\nMessage-Id: <" + id +
           "@example.org>\r\n\r\nI read it every week.\r\n";
}

} // namespace nixie

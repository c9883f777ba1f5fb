#include "notify/compose.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "notify/signature.hpp"
#include "notify/smtp.hpp"

namespace nixie {
namespace {

/// Of an encoded word's text: with "=?utf-8?B?", "?=" and "Subject: " in front a line stays below 78.
constexpr std::size_t word_bytes = 39;
constexpr std::size_t quoted_line = 76;
/// Cannot occur in quoted-printable text, where '=' stands before hexadecimal digits only.
constexpr const char* boundary = "=_nixie_report";

std::string part(std::string_view type, std::string_view text) {
    return fmt::format(
        "--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}", boundary,
        type, quoted_printable(text));
}

} // namespace

std::string quoted_printable(std::string_view text) {
    std::string out;
    std::string_view line;
    for (std::string_view rest = text; next_line(rest, line);) {
        std::size_t column = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            const auto byte = static_cast<unsigned char>(line[i]);
            const bool last = i + 1 == line.size();
            // White space at the end of a line may be lost on the way, and a dot at its beginning is doubled on it.
            const bool fragile = (is_blank(line[i]) && last) || (byte == '.' && column == 0);
            const bool plain = (is_blank(line[i]) || (byte >= 0x21 && byte <= 0x7e)) && byte != '=' && !fragile;
            const std::size_t width = plain ? 1 : 3;
            if (column + width > quoted_line - 1) {
                out += "=\r\n";
                column = 0;
            }
            out += plain ? std::string(1, line[i]) : fmt::format("={:02X}", byte);
            column += width;
        }
        out += "\r\n";
    }
    return out;
}

std::string encoded_subject(std::string_view text) {
    const std::string line = to_valid_utf8(fold_space(text));
    if (is_ascii(line)) return line;
    std::string out;
    for (std::string_view rest = line; !rest.empty();) {
        const std::string_view word = clip(rest, word_bytes);
        rest.remove_prefix(word.size());
        out += fmt::format("{}=?utf-8?B?{}?=", out.empty() ? "" : "\r\n ", base64(word));
    }
    return out;
}

std::string compose_head(const MailHead& head) {
    return fmt::format(
        "Date: {}\r\nFrom: {}\r\nTo: {}\r\nSubject: {}\r\nMessage-ID: <{}>\r\nAuto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n",
        mail_date(head.date), head.from, head.to, encoded_subject(head.subject), head.message_id);
}

std::string compose_note(const MailHead& head, std::string_view comments) {
    return fmt::format("{}Comments: {}\r\nX-Nixie-Note: 1\r\n\r\n", compose_head(head), fold_space(comments));
}

std::string compose_report(const MailHead& head, std::string_view text, std::string_view html) {
    return fmt::format(
        "{}X-Nixie-Report: 1\r\nContent-Type: multipart/alternative; boundary=\"{}\"\r\n\r\n{}\r\n{}\r\n--{}--\r\n",
        compose_head(head), boundary, part("text/plain", text), part("text/html", html), boundary);
}

} // namespace nixie

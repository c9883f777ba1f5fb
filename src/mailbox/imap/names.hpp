// How a folder is called on an IMAP server: modified UTF-7, quoting, prefix and separator.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// RFC 3501 section 5.1.3. What is no UTF-8 becomes U+FFFD.
std::string to_modified_utf7(std::string_view utf8);
/// The inverse. Text that is not validly encoded comes back as it is, for servers that send raw UTF-8.
std::string from_modified_utf7(std::string_view name);

/// How a session spells names: UTF-8 once the server has enabled UTF8=ACCEPT (RFC 6855) or IMAP4rev2 (RFC 9051).
enum class NameEncoding { modified_utf7, utf8 };

std::string encode_name(std::string_view utf8, NameEncoding encoding);
std::string decode_name(std::string_view name, NameEncoding encoding);

/// The personal namespace of RFC 2342. Without a separator (NIL) the server knows no folders in folders.
struct ImapNamespace {
    std::string prefix;    ///< "", "INBOX.", …; as the server spells it
    std::string separator; ///< one character, or empty
    NameEncoding encoding = NameEncoding::modified_utf7;
};

/// The name on the server of the folder with these levels (UTF-8). Levels that already begin with the
/// prefix get no second one; a separator inside a level becomes '_'; without a separator '-' joins the levels.
std::string join_folder(std::span<const std::string> levels, const ImapNamespace& space);
/// A server's name in UTF-8 with '/' between levels, for people.
std::string show_folder(std::string_view name, std::string_view separator,
                        NameEncoding encoding = NameEncoding::modified_utf7);
/// One spelling for names that are the same: INBOX, alone and as the first level, has no case (RFC 3501 section 5.1).
std::string canonical_folder(std::string_view name, std::string_view separator);

/// A quoted string can carry it: no control character, no 8-bit byte (RFC 3501 section 4.3).
bool is_quotable(std::string_view text);
/// As a quoted string; `text` must be quotable.
std::string quote(std::string_view text);

} // namespace nixie

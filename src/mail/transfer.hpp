// Undoes a Content-Transfer-Encoding (RFC 2045 section 6).
#pragma once

#include <string>
#include <string_view>

#include "mail/defects.hpp"

namespace nixie {

enum class TransferEncoding { none, base64, quoted_printable };

/// An unknown encoding is read as none, with Defect::bad_encoding. `value` is the field's.
TransferEncoding transfer_named(std::string_view value, Defects& defects);

/// Garbage between the characters of base64 is passed over; Defect::bad_encoding if there is any.
std::string decode_base64(std::string_view encoded, Defects& defects);

/// How many bytes decode_base64() would give.
std::size_t base64_size(std::string_view encoded);

/// A '=' that starts no code stays. Line ends become LF.
std::string decode_quoted_printable(std::string_view encoded);

/// Two hexadecimal digits at the front of `text` as a byte, or -1.
int hex_byte(std::string_view text);

} // namespace nixie

// The body of one part rewritten.
#pragma once

#include <string>
#include <string_view>

#include "anonymise/field.hpp"
#include "mail/transfer.hpp"

namespace nixie {

/// What a body is for.
enum class Body {
    text,       ///< what people or machines read of the report: its names are replaced
    fields,     ///< the header of a returned message; what follows it goes
    returned,   ///< of a returned message: goes
    attachment, ///< goes
};

/// A body between its header and the next boundary, as it stands in the message.
struct BodyText {
    std::string_view raw;
    TransferEncoding transfer = TransferEncoding::none;
    std::string charset; ///< lower case; may be empty
    std::string_view eol;
};

/// Whether a body with that charset (lower case) becomes UTF-8, so that its names are found: all but UTF-8 and ASCII.
bool becomes_utf8(std::string_view charset);

/// The body's new text in the same transfer encoding.
std::string rewrite_body(const BodyText& body, Body purpose, Scrubber& scrubber);

/// `decoded` in a transfer encoding, its lines ended by `eol`.
std::string encode(std::string_view decoded, TransferEncoding transfer, std::string_view eol);

} // namespace nixie

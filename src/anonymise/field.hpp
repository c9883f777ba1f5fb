// A header field rewritten.
#pragma once

#include <string>
#include <string_view>

#include "anonymise/scrubber.hpp"

namespace nixie {

/// Whose header a field stands in: the report's own decides much, a returned message's nearly nothing.
enum class Header { own, returned };

/// One field as it stands in the message: `raw` is all of its lines with their ends (but the last), `eol` what ends a line.
struct FieldText {
    std::string_view name;
    std::string_view raw;
    std::string_view eol;
};

/// What a Content-* field must say of the body that will follow.
struct NewBody {
    std::string boundary; ///< the new one; empty: there is none
    bool as_utf8 = false; ///< the body's charset will be UTF-8
    bool as_8bit = false; ///< its transfer encoding will be 8bit
    std::string_view old_boundary = {};
};

/// The field's new text, without its last line end. Folding and spelling stay wherever nothing was encoded.
std::string rewrite_field(const FieldText& field, Header header, const NewBody& body, Scrubber& scrubber);

/// "=?…?=" words undone; valid UTF-8, one line.
std::string unfold_and_decode(std::string_view value);

} // namespace nixie

// RFC 2047 words in header fields.
#pragma once

#include <string>
#include <string_view>

#include "mail/defects.hpp"

namespace nixie {

/// `value` is valid UTF-8. Words side by side are joined; one that cannot be decoded stays as it is.
std::string decode_words(std::string_view value, Defects& defects);

} // namespace nixie

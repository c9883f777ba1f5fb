// Bytes in any charset that mail labels, as UTF-8.
#pragma once

#include <string>
#include <string_view>

#include "mail/defects.hpp"

namespace nixie {

/// Without a usable label: UTF-8 if valid, else ISO-2022-JP if its escapes occur, else Windows-1252.
std::string guess_utf8(std::string_view bytes);

/// Valid UTF-8 without NUL. An empty label, or one that says nothing ("8bit", "us-ascii" over 8-bit bytes), is guessed.
/// Records Defect::unknown_charset and Defect::bad_charset.
std::string to_utf8(std::string_view bytes, std::string_view label, Defects& defects);

} // namespace nixie

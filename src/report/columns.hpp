// How wide text stands on a terminal, and text made to fit.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace nixie {

/// Of output that is not cut.
constexpr std::size_t any_width = static_cast<std::size_t>(-1);

/// The columns that valid UTF-8 takes: two for East Asian wide characters, none for combining ones.
std::size_t display_width(std::string_view text);
/// At most `columns` wide; what was cut off is replaced by "…".
std::string cut_to_width(std::string_view text, std::size_t columns);
/// Broken at spaces into lines of at most `columns` (a longer word stands alone). The first line has nothing in front, the others
/// `indent` spaces; no line feed at the end. Control characters are made harmless.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t columns);

} // namespace nixie

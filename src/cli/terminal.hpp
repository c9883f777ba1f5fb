// Who reads the standard output.
#pragma once

#include <cstddef>

#include "report/colour.hpp"

namespace nixie {

/// Columns of the terminal that standard output is; any_width where it is none.
std::size_t terminal_columns();
/// The same, but never more than running text is good to read in, and that where there is no terminal.
std::size_t prose_columns();

/// Whether to paint what goes to the standard output: only for a terminal, and as NO_COLOR (https://no-color.org) and TERM
/// say.
Colours output_colours();
/// The same from what it depends on; a variable that is not set is a nullptr.
Colours colours_for(bool is_terminal, const char* no_color, const char* term);

} // namespace nixie

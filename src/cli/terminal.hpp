// Who reads the standard output.
#pragma once

#include <cstddef>

namespace nixie {

/// Columns of the terminal that standard output is; any_width where it is none.
std::size_t terminal_columns();
/// The same, but never more than running text is good to read in, and that where there is no terminal.
std::size_t prose_columns();

} // namespace nixie

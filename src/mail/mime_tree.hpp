// The parts of a message: where each begins and ends, and what it says.
#pragma once

#include <string_view>
#include <vector>

#include "mail/defects.hpp"

namespace nixie {

/// Where a part lies in the bytes: its header, and its body to the end. Empty within an encoded one.
struct Extent {
    std::size_t begin = 0, end = 0;
};

/// Appends the entity in `bytes`, and the parts inside it, to `parts`. `bytes` has LF or CR LF line ends and no NUL; it need
/// not outlive the call. One pass: every line is looked at once, whatever the nesting.
/// `extents`, if there, becomes as long as `parts`.
void read_parts(std::string_view bytes, const Limits& limits, std::vector<Part>& parts, Defects& defects,
                std::vector<Extent>* extents = nullptr);

} // namespace nixie

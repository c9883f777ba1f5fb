// The header fields at the front of an entity.
#pragma once

#include <string_view>
#include <vector>

#include "mail/defects.hpp"

namespace nixie {

/// Takes the header off the front of `rest`, with the empty line that ends it: unfolded and trimmed, nothing decoded. A line that is no field ends it too and
/// stays in `rest`. Records too_many_fields, and truncated where a field is absurdly long.
std::vector<Field> take_header(std::string_view& rest, std::size_t most_fields, Defects& defects);

/// "Name:", printable characters without blanks (RFC 5322 section 2.2); blanks before the colon are tolerated.
bool starts_field(std::string_view line);

} // namespace nixie

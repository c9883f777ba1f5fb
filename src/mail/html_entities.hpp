// Character references of HTML.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// Takes "&name;" or "&#number;" off the front of `rest` (which starts with '&') and appends its character to `out`.
/// What is no known reference is taken as the '&' it starts with.
void take_entity(std::string_view& rest, std::string& out);

} // namespace nixie

// HTML as the plain text a reader would see.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// `html` is valid UTF-8, and so is the result. Linear in its length whatever it holds; nothing in it is fetched or run.
std::string html_to_text(std::string_view html);

} // namespace nixie

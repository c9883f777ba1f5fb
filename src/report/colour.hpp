// Colour for terminals. Never the only sign: the words say the same.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

enum class Colours { off, on };
enum class Paint { green, yellow, red, faint, bold };

/// `text` as it is where colours are off.
std::string painted(std::string_view text, Paint paint, Colours colours);

} // namespace nixie

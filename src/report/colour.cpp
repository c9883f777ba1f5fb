#include "report/colour.hpp"

#include <array>

namespace nixie {

std::string painted(std::string_view text, Paint paint, Colours colours) {
    constexpr std::array<std::string_view, 5> codes{"\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[2m", "\x1b[1m"};
    if (colours == Colours::off) return std::string(text);
    return std::string(codes[static_cast<std::size_t>(paint)]) + std::string(text) + "\x1b[0m";
}

} // namespace nixie

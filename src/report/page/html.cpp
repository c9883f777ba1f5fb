#include "report/page/html.hpp"

#include "base/text.hpp"

namespace nixie {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// The length of a character at the front that must not reach a page: U+202A to U+202E, U+2066 to U+2069, C1 controls.
std::size_t unwanted_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
    if (byte(0) == 0xC2 && byte(1) >= 0x80 && byte(1) <= 0x9F) return 2;
    const bool turns = byte(0) == 0xE2 && ((byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) ||
                                           (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9));
    return turns ? 3 : 0;
}

} // namespace

std::string html(std::string_view text) {
    const std::string valid = to_valid_utf8(text);
    std::string out;
    for (std::size_t i = 0; i < valid.size(); ++i) {
        const char c = valid[i];
        if (const auto length = unwanted_length(std::string_view(valid).substr(i)); length > 0) {
            out += replacement;
            i += length - 1;
        } else if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else if (c == '\'') {
            out += "&#39;";
        } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F) {
            out += replacement;
        } else {
            out += c;
        }
    }
    return out;
}

} // namespace nixie

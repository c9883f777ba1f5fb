#include "mail/source.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace nixie {
namespace {

bool has_bare_cr(std::string_view bytes) {
    for (auto at = bytes.find('\r'); at != std::string_view::npos; at = bytes.find('\r', at + 1))
        if (at + 1 == bytes.size() || bytes[at + 1] != '\n') return true;
    return false;
}

/// CR LF, CR and the CR CR LF of twice converted mail become LF; NUL goes.
std::string mended(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (c == '\0') continue;
        if (c != '\r') {
            out += c;
            continue;
        }
        const std::string_view next = bytes.substr(i + 1, 2);
        if (next.substr(0, 1) == "\n") continue;
        if (next != "\r\n") out += '\n';
    }
    return out;
}

std::string_view without_front(std::string_view text) {
    constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
    if (text.substr(0, byte_order_mark.size()) == byte_order_mark) text.remove_prefix(byte_order_mark.size());
    std::string_view line;
    for (std::string_view after = text; take_line(after, line); text = after)
        if (!trim(line).empty() && line.substr(0, 5) != "From ") break;
    return text;
}

} // namespace

SourceText::SourceText(std::string_view bytes, Defects& defects) {
    const bool nul = bytes.find('\0') != std::string_view::npos;
    const bool bare_cr = has_bare_cr(bytes);
    if (nul) defects.add(Defect::nul_bytes);
    if (bare_cr) defects.add(Defect::bare_cr);
    if (nul || bare_cr) {
        mended_ = mended(bytes);
        bytes = mended_;
    }
    text_ = without_front(bytes);
}

bool take_line(std::string_view& rest, std::string_view& line) {
    if (rest.empty()) return false;
    const auto end = std::min(rest.find('\n'), rest.size());
    line = rest.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return true;
}

} // namespace nixie

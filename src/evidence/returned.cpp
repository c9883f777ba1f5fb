// The returned message, byte for byte.
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "evidence/layout.hpp"
#include "mail/located.hpp"
#include "nixie/report.hpp"

namespace nixie {
namespace {

/// After these nobody knows what is missing.
constexpr std::array<Defect, 6> mutilations{Defect::truncated,      Defect::nul_bytes,       Defect::bare_cr,
                                            Defect::too_many_parts, Defect::too_many_fields, Defect::missing_boundary};

bool is_whole(const Message& message) {
    return std::none_of(mutilations.begin(), mutilations.end(), [&](Defect defect) { return message.has(defect); });
}

/// Some servers return headers as message/rfc822, with nothing after them.
bool has_header_and_body(std::string_view text) {
    bool has_header = false;
    std::string_view line;
    while (next_line(text, line)) {
        if (line.empty()) return has_header && !trim(text).empty();
        has_header = true;
    }
    return false;
}

} // namespace

std::optional<std::string> returned_message(std::string_view bytes, const Limits& limits) {
    const LocatedMessage located = parse_located(bytes, limits);
    const Layout layout = lay_out(located.message, 0);
    if (layout.returned < 0 || !is_whole(located.message)) return std::nullopt;
    const Extent extent = located.extents[static_cast<std::size_t>(layout.returned)];
    const auto returned = std::string_view(located.text).substr(extent.begin, extent.end - extent.begin);
    if (!has_header_and_body(returned)) return std::nullopt;
    return std::string(returned);
}

} // namespace nixie

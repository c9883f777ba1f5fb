#include "doctor/finding.hpp"

#include <algorithm>
#include <array>

namespace nixie {

std::string_view name(Mark mark) {
    constexpr std::array<std::string_view, 4> names{"ok", "warning", "problem", "not tried"};
    return names[static_cast<std::size_t>(mark)];
}

Finding problem(std::string_view subject, const Error& error) {
    const bool says_where = error.where.empty() || error.where.find("://") != std::string::npos;
    return {std::string(subject), Mark::problem, says_where ? error.what : error.where + ": " + error.what,
            error.remedy};
}

Mark gravest(const std::vector<Examination>& examinations) {
    Mark out = Mark::ok;
    for (const auto& examination : examinations)
        for (const auto& finding : examination.findings)
            if (finding.mark != Mark::not_tried) out = std::max(out, finding.mark);
    return out;
}

} // namespace nixie

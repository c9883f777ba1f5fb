#include "report/retry_clock.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "nixie/retry_clock.hpp"

namespace nixie {

std::string retry_clock_diagram() {
    struct Arrow {
        State from, to;
        std::string label;
    };
    std::vector<Arrow> arrows;
    for (const auto& move : moves) {
        if (move.from == move.to) continue;
        const std::string label(triggers[static_cast<std::size_t>(move.on)].name);
        const auto same = std::find_if(arrows.begin(), arrows.end(), [&](const Arrow& arrow) {
            return arrow.from == move.from && arrow.to == move.to;
        });
        if (same == arrows.end())
            arrows.push_back({move.from, move.to, label});
        else
            same->label += " / " + label;
    }
    std::string out = "stateDiagram-v2\n    [*] --> clear\n";
    for (const auto& [from, to, label] : arrows)
        out.append("    ").append(name(from)).append(" --> ").append(name(to)).append(": ").append(label).append("\n");
    return out;
}

} // namespace nixie

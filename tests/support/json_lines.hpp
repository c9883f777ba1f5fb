// JSON as the program writes it: a value a line.
#pragma once

#include <nlohmann/json.hpp>

#include <sstream>
#include <string>
#include <vector>

namespace nixie {

/// Throws at the first line that is no JSON.
inline std::vector<nlohmann::json> json_lines(const std::string& text) {
    std::istringstream in(text);
    std::vector<nlohmann::json> out;
    for (std::string line; std::getline(in, line);) out.push_back(nlohmann::json::parse(line));
    return out;
}

} // namespace nixie

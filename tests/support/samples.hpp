// The messages in samples/, and what the tests of all of them share.
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace nixie {

/// So many there were when this was written: fewer means that the folder was not found.
constexpr std::size_t least_samples = 320;

inline std::vector<std::filesystem::path> sample_files() {
    std::vector<std::filesystem::path> out;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(NIXIE_SOURCE_DIR "/samples"))
        if (entry.path().extension() == ".eml") out.push_back(entry.path());
    std::sort(out.begin(), out.end());
    return out;
}

inline std::string with_line_ends(const std::string& text, const std::string& end) {
    std::string out;
    for (const char c : text)
        if (c == '\n')
            out += end;
        else
            out += c;
    return out;
}

} // namespace nixie

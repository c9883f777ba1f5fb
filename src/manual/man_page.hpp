// Manual pages, made from the table that also gives --help.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace nixie {

/// A row of the table of exit codes.
struct ExitCodeMeaning {
    int code;
    std::string meaning;
};

struct ManPage {
    std::string name; ///< "nixie-run", without the section
    std::string text; ///< mdoc(7)
};

/// One page for the program and one for each of its commands, section 1. `date` as mdoc's Dd wants it: "November 25, 2026".
std::vector<ManPage> man_pages(const CLI::App& program, const std::vector<ExitCodeMeaning>& exit_codes,
                               const std::string& date);

} // namespace nixie

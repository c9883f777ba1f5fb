// The rules and formats of one's own that a command reads besides the built-in ones.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "config/config.hpp"
#include "nixie/judge.hpp"

namespace nixie {

/// The option --rules; empty where it is not given.
void add_rules_option(CLI::App& command, std::string& directory);

/// The folder to read: `given`, else the usual one if it is there, else none.
std::vector<std::string> own_rule_folders(const std::string& given);

/// The Judge with what `given` names (see own_rule_folders). The error names file, line and remedy.
Result<Judge> judge_with_own(const std::string& given);

} // namespace nixie

// Completion scripts for shells, made from the table that also gives --help.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace nixie {

/// For bash: commands, options, and the words that options take; anything else is completed as file names.
std::string bash_completion(const CLI::App& program);
std::string zsh_completion(const CLI::App& program);
std::string fish_completion(const CLI::App& program);

} // namespace nixie

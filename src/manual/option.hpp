// What the command line's own table says of an option, for manuals and completions alike.
#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace nixie {

/// "--config", "-c", …; long names first. None of a positional argument.
std::vector<std::string> option_names(const CLI::Option& option);
/// What follows the option, such as "DIR"; empty for a flag. Of a positional argument: how it is called.
std::string option_value(const CLI::Option& option);
/// The words that may follow, where the option takes only certain ones.
std::vector<std::string> option_choices(const CLI::Option& option);
/// Those that people see, in the order of the table.
std::vector<const CLI::Option*> shown_options(const CLI::App& command);
std::vector<const CLI::App*> shown_commands(const CLI::App& command);

} // namespace nixie

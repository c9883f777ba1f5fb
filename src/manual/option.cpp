#include "manual/option.hpp"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace nixie {
namespace {

constexpr std::size_t most_choices_in_line = 6;
constexpr std::string_view wordless_types[] = {"TEXT", "UINT", "INT", "FLOAT"};

std::vector<std::string> split_words(std::string_view text, char separator) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find(separator), text.size());
        if (end > 0) out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

/// As the command line's help names it: the given text, or the type and what is demanded of it.
std::string value_text(const CLI::Option& option) {
    return option.get_option_text().empty() ? option.get_type_name() : option.get_option_text();
}

} // namespace

std::vector<std::string> option_names(const CLI::Option& option) {
    std::vector<std::string> out;
    for (const auto& name : option.get_lnames()) out.push_back("--" + name);
    for (const auto& name : option.get_snames()) out.push_back("-" + name);
    return out;
}

std::vector<std::string> option_choices(const CLI::Option& option) {
    const std::string type = option.get_type_name();
    const auto open = type.find('{');
    const auto close = type.find('}');
    if (open != std::string::npos && close != std::string::npos && open < close)
        return split_words(std::string_view(type).substr(open + 1, close - open - 1), ',');
    const auto words = split_words(option.get_option_text(), '|');
    return words.size() > 1 ? words : std::vector<std::string>{};
}

std::string option_value(const CLI::Option& option) {
    if (option.get_items_expected_max() == 0) return {};
    if (option.get_positional()) return option.get_name();
    const auto choices = option_choices(option);
    if (choices.size() > most_choices_in_line) return option.get_lnames().front();
    if (!choices.empty()) return fmt::format("{}", fmt::join(choices, "|"));
    if (option.get_option_text().empty())
        for (const auto plain : wordless_types)
            if (option.get_type_name().starts_with(plain)) return plain == "TEXT" ? "text" : "number";
    return value_text(option);
}

std::vector<const CLI::Option*> shown_options(const CLI::App& command) {
    return command.get_options([](const CLI::Option* option) { return !option->get_group().empty(); });
}

std::vector<const CLI::App*> shown_commands(const CLI::App& command) {
    return command.get_subcommands([](const CLI::App* other) { return !other->get_group().empty(); });
}

} // namespace nixie

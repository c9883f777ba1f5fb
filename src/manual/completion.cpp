#include "manual/completion.hpp"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "manual/option.hpp"

namespace nixie {
namespace {

std::string joined(const std::vector<std::string>& words) { return fmt::format("{}", fmt::join(words, " ")); }

/// In single quotes for any of the shells; a description's quotes become typographical ones.
std::string in_quotes(std::string_view text) {
    std::string out = "'";
    for (const char c : text.substr(0, text.find('\n'))) {
        if (c == '\'')
            out += "\xe2\x80\x99";
        else
            out += c;
    }
    return out + "'";
}

std::vector<std::string> command_names(const CLI::App& command) {
    std::vector<std::string> out;
    for (const auto* one : shown_commands(command)) out.push_back(one->get_name());
    return out;
}

/// Every command with its path, "nixie rules check", parents first.
void walk(const CLI::App& command, const std::string& path,
          const std::function<void(const CLI::App&, const std::string&)>& visit) {
    visit(command, path);
    for (const auto* one : shown_commands(command)) walk(*one, path + " " + one->get_name(), visit);
}

} // namespace

std::string bash_completion(const CLI::App& program) {
    std::string paths;
    std::string values;
    std::string words;
    walk(program, program.get_name(), [&](const CLI::App& command, const std::string& path) {
        if (&command != &program) paths += fmt::format("{}\"{}\"", paths.empty() ? "" : " | ", path);
        std::vector<std::string> options;
        for (const auto* option : shown_options(command)) {
            const auto names = option_names(*option);
            options.insert(options.end(), names.begin(), names.end());
            if (option_value(*option).empty()) continue;
            const auto choices = option_choices(*option);
            for (const auto& name : names)
                values += fmt::format(
                    "        \"{}:{}\") {} ;;\n", path, name,
                    choices.empty() ? "compopt -o default; return" : fmt::format("candidates=\"{}\"", joined(choices)));
        }
        words += fmt::format("            \"{}\") options=\"{}\" commands=\"{}\" ;;\n", path, joined(options),
                             joined(command_names(command)));
    });
    return fmt::format(R"(# bash completion for nixie
_nixie() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} path=nixie candidates="" options="" commands="" word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$path $word" in
            {paths}) path="$path $word" ;;
        esac
    done
    COMPREPLY=()
    case "$path:$previous" in
{values}    esac
    if [[ -z $candidates ]]; then
        case "$path" in
{words}        esac
        if [[ $current == -* ]]; then
            candidates=$options
        elif [[ -n $commands ]]; then
            candidates=$commands
        else
            compopt -o default
            return
        fi
    fi
    mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$current")
}}
complete -F _nixie nixie
)",
                       fmt::arg("paths", paths), fmt::arg("values", values), fmt::arg("words", words));
}

std::string zsh_completion(const CLI::App& program) {
    const auto bracketed = [](const std::string& text) { // inside an _arguments specification
        std::string out;
        for (const char c : text.substr(0, text.find('\n'))) {
            if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
            out += c == '\'' ? std::string("\xe2\x80\x99") : std::string(1, c);
        }
        return out;
    };
    std::string out = "#compdef nixie\n# zsh completion for nixie\n";
    walk(program, program.get_name(), [&](const CLI::App& command, const std::string& path) {
        std::string function = "_" + path;
        for (char& c : function)
            if (c == ' ' || c == '-') c = '_';
        std::string arguments;
        for (const auto* option : shown_options(command)) {
            const std::string value = option_value(*option);
            const auto choices = option_choices(*option);
            std::string action;
            if (!value.empty())
                action = fmt::format(":{}:{}", bracketed(option->get_positional() ? option->get_name() : "value"),
                                     choices.empty() ? "_files" : "(" + joined(choices) + ")");
            if (option->get_positional())
                arguments += fmt::format(" \\\n        '{}{}'", option->get_expected_max() > 1 ? "*" : "", action);
            for (const auto& name : option_names(*option))
                arguments += fmt::format(" \\\n        '{}[{}]{}'", name, bracketed(option->get_description()), action);
        }
        const auto commands = shown_commands(command);
        out += fmt::format("\n{}() {{\n", function);
        if (commands.empty()) {
            out += fmt::format("    _arguments{}\n}}\n", arguments);
            return;
        }
        out += fmt::format("    local -a commands=(\n");
        for (const auto* one : commands)
            out += fmt::format("        {}\n", in_quotes(one->get_name() + ":" + bracketed(one->get_description())));
        out += fmt::format("    )\n    _arguments -C{} \\\n        '1: :->command' '*:: :->argument'\n", arguments);
        out +=
            "    case $state in\n        command) _describe -t commands command commands ;;\n        argument)\n"
            "            case $words[1] in\n";
        for (const auto* one : commands) {
            std::string other = function + "_" + one->get_name();
            for (char& c : other)
                if (c == '-') c = '_';
            out += fmt::format("                {}) {} ;;\n", one->get_name(), other);
        }
        out += "            esac ;;\n    esac\n}\n";
    });
    return out + "\ncompdef _nixie nixie\n";
}

std::string fish_completion(const CLI::App& program) {
    std::string out = "# fish completion for nixie\n";
    walk(program, program.get_name(), [&](const CLI::App& command, const std::string& path) {
        std::string condition = "__fish_use_subcommand";
        const auto nested = command_names(command);
        if (&command != &program) {
            condition.clear();
            std::string_view rest = std::string_view(path).substr(program.get_name().size());
            while (!rest.empty()) {
                rest.remove_prefix(1);
                const auto end = std::min(rest.find(' '), rest.size());
                condition += fmt::format("{}__fish_seen_subcommand_from {}", condition.empty() ? "" : "; and ",
                                         rest.substr(0, end));
                rest.remove_prefix(end);
            }
            if (!nested.empty()) condition += "; and not __fish_seen_subcommand_from " + joined(nested);
        }
        for (const auto* one : shown_commands(command))
            out += fmt::format("complete -c nixie -f -n {} -a {} -d {}\n", in_quotes(condition), one->get_name(),
                               in_quotes(one->get_description()));
        for (const auto* option : shown_options(command)) {
            if (option->get_positional()) continue;
            out += fmt::format("complete -c nixie -n {}", in_quotes(condition));
            for (const auto& name : option->get_lnames()) out += " -l " + name;
            for (const auto& name : option->get_snames()) out += " -s " + name;
            if (const auto choices = option_choices(*option); !choices.empty())
                out += " -x -a " + in_quotes(joined(choices));
            else if (!option_value(*option).empty())
                out += " -r";
            out += fmt::format(" -d {}\n", in_quotes(option->get_description()));
        }
    });
    return out;
}

} // namespace nixie

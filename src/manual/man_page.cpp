#include "manual/man_page.hpp"

#include <sstream>

#include <fmt/format.h>

#include "manual/option.hpp"

namespace nixie {
namespace {

/// Text that mdoc must not take for macros; `code` becomes ‘code’.
std::string escaped(std::string_view text) {
    std::string out;
    bool open = false;
    for (const char c : text) {
        if (c == '\\') {
            out += "\\e";
        } else if (c == '`') {
            out += open ? "\\(cq" : "\\(oq";
            open = !open;
        } else if (c == '-') {
            out += "\\-";
        } else {
            out += c;
        }
    }
    if (!out.empty() && (out[0] == '.' || out[0] == '\'')) out.insert(0, "\\&");
    return out;
}

/// A word on a macro's line: quoted, so that neither spaces nor names of macros matter.
std::string argument(std::string_view word) {
    std::string quoted;
    for (const char c : escaped(word)) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return "\"" + quoted + "\"";
}

/// Each sentence on a line of its own, as mdoc wants it.
std::string sentences(std::string_view text) {
    std::string out = escaped(text);
    for (std::size_t at = 0; (at = out.find(". ", at)) != std::string::npos; ++at)
        if (at + 2 < out.size() && out[at + 2] >= 'A' && out[at + 2] <= 'Z') out[at + 1] = '\n';
    return out;
}

/// Paragraphs; what is indented or drawn in columns stays as it is.
std::string paragraphs(const std::string& text) {
    std::string out;
    bool literal = false;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) {
        const bool indented = line.starts_with("  ");
        if (indented && !literal) out += ".Bd -literal -offset indent\n";
        if (!indented && literal) out += ".Ed\n";
        if (!indented && literal && !line.empty()) out += ".Pp\n";
        literal = indented;
        if (line.empty())
            out += ".Pp\n";
        else
            out += (indented ? escaped(std::string_view(line).substr(2)) : sentences(line)) + "\n";
    }
    if (literal) out += ".Ed\n";
    // A display begins a paragraph by itself.
    for (std::size_t at; (at = out.find(".Pp\n.Bd")) != std::string::npos;) out.erase(at, 4);
    return out;
}

std::string synopsis(const CLI::App& command, const std::string& name) {
    std::string out = ".Nm nixie\n";
    if (!name.empty()) out += ".Cm " + argument(name) + "\n";
    for (const auto* option : shown_options(command)) {
        const std::string value = option_value(*option);
        if (option->get_positional()) {
            out += fmt::format(".{}Ar {}{}\n", option->get_required() ? "" : "Op ", argument(value),
                               option->get_expected_max() > 1 ? " ..." : "");
            continue;
        }
        const auto names = option_names(*option);
        if (names.front() == "--help") continue;
        const std::string text = fmt::format("Fl {}{}{}", argument(names.front().substr(1)),
                                             value.empty() ? "" : " Ar ", value.empty() ? "" : argument(value));
        out += (option->get_required() ? "." : ".Op ") + text + "\n";
    }
    if (!shown_commands(command).empty()) out += ".Ar command\n.Op Ar argument ...\n";
    return out;
}

std::string option_list(const CLI::App& command) {
    std::string out;
    for (const auto* option : shown_options(command)) {
        const std::string value = option_value(*option);
        if (option->get_positional()) {
            out += ".It Ar " + argument(value) + "\n";
        } else {
            out += ".It ";
            bool first = true;
            for (const auto& name : option_names(*option)) {
                out += fmt::format("{}Fl {}", first ? "" : " , ", argument(name.substr(1)));
                first = false;
            }
            if (!value.empty()) out += " Ar " + argument(value);
            out += "\n";
        }
        out += sentences(option->get_description() + ".") + "\n";
        if (const auto choices = option_choices(*option); choices.size() > 1 && value.find('|') == std::string::npos)
            out += fmt::format("One of {}.\n", escaped(fmt::format("{}", fmt::join(choices, ", "))));
        if (const auto usual = option->get_default_str(); !usual.empty() && !value.empty())
            out += fmt::format("The default is {}.\n", escaped(usual));
    }
    return out.empty() ? out : ".Bl -tag -width Ds\n" + out + ".El\n";
}

std::string head(const std::string& name, const std::string& title, const std::string& date) {
    std::string upper = name;
    for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return fmt::format(
        ".\\\" Made from the command line's own table: change that, not this.\n.Dd {}\n.Dt {} 1\n.Os\n.Sh NAME\n.Nm "
        "{}\n"
        ".Nd {}\n",
        date, upper, name, escaped(title));
}

/// The first letter small, as in the NAME line of every manual.
std::string lower_first(std::string text) {
    text = text.substr(0, text.find('\n'));
    if (text.size() > 1 && text[0] >= 'A' && text[0] <= 'Z' && !(text[1] >= 'A' && text[1] <= 'Z'))
        text[0] = static_cast<char>(text[0] - 'A' + 'a');
    return text;
}

std::string exit_status(const std::vector<ExitCodeMeaning>& codes) {
    std::string out = ".Sh EXIT STATUS\nThe codes are those of\n.In sysexits.h :\n.Bl -tag -width Ds -compact\n";
    for (const auto& row : codes) out += fmt::format(".It {}\n{}.\n", row.code, escaped(row.meaning));
    return out + ".El\n";
}

std::string command_page(const CLI::App& command, const std::vector<ExitCodeMeaning>& codes, const std::string& date) {
    const std::string& name = command.get_name();
    std::string out = head("nixie-" + name, lower_first(command.get_description()), date);
    const auto nested = shown_commands(command);
    out += ".Sh SYNOPSIS\n";
    if (nested.empty() || command.get_require_subcommand_min() == 0) out += synopsis(command, name);
    for (const auto* one : nested) out += synopsis(*one, name + " " + one->get_name());
    out += ".Sh DESCRIPTION\n" + paragraphs(command.get_description() + ".") + option_list(command);
    for (const auto* one : nested) {
        out += fmt::format(".Ss nixie {} {}\n", escaped(name), escaped(one->get_name()));
        out += paragraphs(one->get_description() + ".") + option_list(*one);
        if (const auto footer = one->get_footer(); !footer.empty() && footer != command.get_footer())
            out += ".Pp\n" + paragraphs(footer);
    }
    if (const auto footer = command.get_footer(); !footer.empty()) out += ".Sh NOTES\n" + paragraphs(footer);
    return out + exit_status(codes) + ".Sh SEE ALSO\n.Xr nixie 1 ,\n.Xr nixie.toml 5\n";
}

std::string program_page(const CLI::App& program, const std::vector<ExitCodeMeaning>& codes, const std::string& date) {
    std::string out = head("nixie", "sorts a bounce mailbox", date);
    out += ".Sh SYNOPSIS\n" + synopsis(program, "");
    out += ".Sh DESCRIPTION\n" + paragraphs(program.get_description()) + option_list(program);
    out += ".Ss Commands\n.Bl -tag -width Ds\n";
    for (const auto* command : shown_commands(program))
        out += fmt::format(".It Xr nixie-{} 1\n{}.\n", command->get_name(), escaped(command->get_description()));
    out += ".El\n";
    out +=
        ".Sh FILES\n.Bl -tag -width Ds\n.It Pa /etc/nixie/nixie.toml\nThe configuration, see\n.Xr nixie.toml 5 .\n"
        ".It Pa /etc/nixie/rules.d\nYour own rules and formats, see\n.Xr nixie-rules 5 .\n"
        ".It Pa /var/lib/nixie/nixie.db\nThe journal, as the configuration names it.\n.El\n" +
        exit_status(codes);
    out += ".Sh SEE ALSO\n.Xr nixie-rules 5 ,\n.Xr nixie.toml 5\n";
    return out;
}

} // namespace

std::vector<ManPage> man_pages(const CLI::App& program, const std::vector<ExitCodeMeaning>& exit_codes,
                               const std::string& date) {
    std::vector<ManPage> out{{"nixie", program_page(program, exit_codes, date)}};
    for (const auto* command : shown_commands(program))
        out.push_back({"nixie-" + command->get_name(), command_page(*command, exit_codes, date)});
    return out;
}

} // namespace nixie

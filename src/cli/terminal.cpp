#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "report/columns.hpp"

namespace nixie {
namespace {

constexpr std::size_t widest_prose = 100;

} // namespace

std::size_t terminal_columns() {
    winsize size{};
    if (::isatty(STDOUT_FILENO) == 0 || ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return any_width;
    return size.ws_col;
}

Colours colours_for(bool is_terminal, const char* no_color, const char* term) {
    const bool refused = no_color && *no_color != '\0';
    const bool able = term && *term != '\0' && std::string_view(term) != "dumb";
    return is_terminal && able && !refused ? Colours::on : Colours::off;
}

Colours output_colours() {
    return colours_for(::isatty(STDOUT_FILENO) != 0, std::getenv("NO_COLOR"), std::getenv("TERM"));
}

std::size_t prose_columns() { return std::min(terminal_columns(), widest_prose); }

} // namespace nixie

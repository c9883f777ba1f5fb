#include "cli/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

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

std::size_t prose_columns() { return std::min(terminal_columns(), widest_prose); }

} // namespace nixie

// What the program does with its arguments.
#pragma once

namespace nixie {

/// Does what the command line asks for; the exit code is one of sysexits.h.
int run_command_line(int argc, const char* const* argv);

} // namespace nixie

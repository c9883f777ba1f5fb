// The program on commands that need neither a server nor a mailbox.
#pragma once

#include <string>
#include <vector>

#include "support/process.hpp"

namespace nixie {

inline Finished run_nixie(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), NIXIE_BINARY);
    return run_process(arguments);
}

/// The same with `input` on its standard input. Neither may hold a single quote.
inline Finished pipe_into_nixie(const std::string& input, const std::string& arguments) {
    return run_process({"sh", "-c", "printf '%s' '" + input + "' | '" NIXIE_BINARY "' " + arguments});
}

inline std::string sample(const std::string& name) { return std::string(NIXIE_SOURCE_DIR "/samples/") + name; }

} // namespace nixie

// The messages that a path on the command line stands for.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "nixie/result.hpp"

namespace nixie {

/// Gives every message to `sink` with a name for it: a file is one message, or many if it is an mbox ("path#1", …); a folder
/// is all files below it in the order of their names (if some are named *.eml, only those), a Maildir its `cur` and `new`; "-" is standard input. Of each message
/// at most `max_bytes` and one more are read, so that the parser sees that it was cut.
Result<void> read_messages(const std::string& path, std::size_t max_bytes,
                           const std::function<void(const std::string& name, const std::string& bytes)>& sink);

} // namespace nixie

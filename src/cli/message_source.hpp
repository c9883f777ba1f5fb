// The messages that a path on the command line stands for.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "nixie/result.hpp"

namespace nixie {

/// Takes a message: the file it was read from ("-": standard input), its number in that file, counted from 1 (0 where the
/// file holds no other), and its bytes.
using MessageSink = std::function<void(const std::string& file, std::size_t number, const std::string& bytes)>;

/// Gives every message to `sink`: a file is one message, or many if it is an mbox; a folder is all files below it in the
/// order of their names (if some are named *.eml, only those), a Maildir its `cur` and `new`; "-" is standard input. Of each
/// message at most `max_bytes` and one more are read, so that the parser sees that it was cut.
Result<void> read_messages(const std::string& path, std::size_t max_bytes, const MessageSink& sink);

} // namespace nixie

// The least that any IMAP client must do to empty an inbox: fetch each message and move it, in batches as big as can be.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// Logs in as `user` with password "pw" at `port` on loopback, fetches the first `max_bytes` of every message in the inbox, looks
/// at none of them, and moves the message that came `i`th to folders[i]. Everything that needs no answer of the server before is
/// sent at once. Throws std::runtime_error.
void drain_barely(int port, const std::string& user, std::size_t max_bytes, const std::vector<std::string>& folders);

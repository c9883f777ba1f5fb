// Addresses that a person gives: on the command line, in a file, or in a mail server's log.
#pragma once

#include <cstddef>
#include <functional>
#include <istream>
#include <optional>
#include <string>
#include <string_view>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// An address and, where the line tells, when a message was delivered to it.
struct ListedAddress {
    std::string address;
    std::optional<Time> at;
};

/// Whether it could be an address of RFC 5321: something on both sides of its last '@', no control characters, not too long.
bool is_address(std::string_view text);

/// What one line names: "bob@example.org", with or without angle brackets; a line of Postfix's log that says status=sent, but
/// not one that handed the message to a filter on the same machine; a line of Exim's main log with =>, -> or >>. Nothing for
/// any other line. A time without a zone is local, one without a year within the year before `now`.
std::optional<ListedAddress> read_listed_address(std::string_view line, Time now);

/// How a list was read.
struct ListSummary {
    std::size_t lines = 0;     ///< that are neither empty nor comments
    std::size_t addresses = 0; ///< lines that name one
};

/// Reads the file called `path`, or standard input if that is "-". Lines longer than a constant are left out.
Result<ListSummary> read_address_list(const std::string& path, Time now,
                                      const std::function<void(ListedAddress&&)>& each);

} // namespace nixie

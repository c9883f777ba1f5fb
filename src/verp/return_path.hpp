// Signed return paths: a bounce that comes back to one proves that its message was ours, to whom it went and in which mailing.
//
//   bounces+v1.<key>.<expiry>.<mac>.<mailing>.<user>=<domain>@example.org
//
// The address before the '+' is the configured one. Everything is in lower case, since servers may change the case of what they
// return: <expiry> is the last valid day as days since 1970 in base 36; <mac> is the first 10 bytes of an HMAC-SHA256 in base 32
// (RFC 4648, lower case, 16 characters); <mailing> may be empty. The recipient is left out where the local part would be longer
// than the 64 octets of RFC 5321, 4.5.3.1.1; the HMAC then covers the mailing alone.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

/// A secret with a short name. Several may be valid at a time, so that one can be replaced.
struct ReturnPathKey {
    std::string id;     ///< 1 to 8 of a-z and 0-9
    std::string secret; ///< at least 16 bytes

    friend bool operator==(const ReturnPathKey&, const ReturnPathKey&) = default;
};

/// Reads a key ring: a line for each key, its id and its secret with a space between; the first one signs, all are believed. Empty
/// lines and lines that begin with '#' do not count. Errors name the line in `where`.
Result<std::vector<ReturnPathKey>> read_key_ring(std::string_view text, const std::string& where);

struct ReturnPathClaim {
    std::string recipient; ///< in lower case; empty if the return path names none
    std::string mailing;
    Time expires{}; ///< the end of its last valid day
    std::string key;
};

/// `base` is the address that bounces go to. `mailing`: at most 24 of a-z, 0-9, '_' and '-', or empty. Refused: an address that is
/// none, a mailing of another form, an empty ring.
Result<std::string> sign_return_path(std::string_view base, std::string_view recipient, std::string_view mailing,
                                     std::span<const ReturnPathKey> keys, Time expires);

enum class ReturnPathFault { none, unsigned_, malformed, unknown_key, forged, expired };
/// "unsigned", …
std::string_view name(ReturnPathFault fault);

struct ReturnPathCheck {
    ReturnPathFault fault = ReturnPathFault::unsigned_;
    ReturnPathClaim claim; ///< set unless unsigned or malformed; to be believed only if there is no fault
};

/// `address` as it was found, in any case. The HMAC is compared in constant time.
ReturnPathCheck check_return_path(std::string_view base, std::string_view address, std::span<const ReturnPathKey> keys,
                                  Time now);

/// Every address in `bytes` (a whole message, as it came) that has the form of a signed one of `base`, each once, in the order of
/// appearance; at most `most_return_paths`. Quoted-printable "=3D" and soft line breaks are seen through.
constexpr std::size_t most_return_paths = 16;
std::vector<std::string> find_return_paths(std::string_view base, std::string_view bytes);

} // namespace nixie

// Mail addresses as reports write them. The one place where an address is cleaned.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nixie {

/// The first address in `text` as a bare addr-spec, its domain in lower case; empty if there is none. Understands angle
/// brackets, quotes, "rfc822;" and "SMTP:" prefixes, display names, comments, source routes and trailing punctuation.
std::string clean_address(std::string_view text);
/// As clean_address(), for a recipient field of RFC 3464: a bare local part is taken too.
std::string clean_recipient(std::string_view field);
/// "rfc822; user@host", "smtp; 550 …", "dns; host": what stands behind the type of RFC 3464 2.1.2, trimmed.
std::string_view without_type(std::string_view field);
/// Every address in `text`, in order, each once.
std::vector<std::string> addresses_in(std::string_view text);
/// The address that stands at the '@' in text[at]; empty if what is around it is none.
std::string address_at(std::string_view text, std::size_t at);

/// mailer-daemon, postmaster and their kin: addresses that report and are not reported on.
bool is_reporter(std::string_view address);
/// Undoes the "+3D" of RFC 3461's xtext.
std::string decode_xtext(std::string_view text);

/// The mailing list whose owner, bounce handler or request robot has this address (RFC 2142 section 6); empty if it is none.
std::string list_of(std::string_view address);

} // namespace nixie

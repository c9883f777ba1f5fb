// Words that belong to nobody: they may stay in an anonymised message.
#pragma once

#include <string_view>

namespace nixie {

/// Local parts that name an office: "postmaster", "noreply", … `local` in lower case.
bool is_role(std::string_view local);

/// The part of `host` (lower case) that is the domain of a public mail provider, of a blocklist or of mail software, or that the
/// formats and rules speak of; empty if there is none. "x.mail.protection.outlook.com" gives "outlook.com".
std::string_view public_suffix_of(std::string_view host);

/// Labels that say what a host is for, with or without a number: "mx1", "smtp", … in lower case.
bool is_function_label(std::string_view label);

/// "google", "docomo": a public provider's name, under whatever domain. `label` in lower case.
bool is_provider_label(std::string_view label);

/// Whether `label` (any case) ends host names.
bool is_top_level(std::string_view label);

/// Words of mail and mail systems, which are no names: "Delivery", "Subsystem", … in lower case.
bool is_mail_word(std::string_view word);

} // namespace nixie

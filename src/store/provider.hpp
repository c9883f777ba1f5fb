// Who runs the mailbox behind an address.
#pragma once

#include <string>
#include <string_view>

namespace nixie {

/// What stands behind the last '@', in lower case; empty if there is none, or it is no host name.
std::string domain_of(std::string_view address);

/// By the public suffix list: the part of a host name that its owner registered ("mx.mail.example.co.uk" gives
/// "example.co.uk"). The name itself, in lower case, where the list has no answer.
std::string registrable_domain(std::string_view host);

/// The registrable domain of the host that gave the reply, as that serves many domains; of the address's own domain where no
/// host is named, or where it is the reporting one's own, such as a relay of the sender.
std::string provider_of(std::string_view address, std::string_view remote_mta, std::string_view reporting_mta);

} // namespace nixie

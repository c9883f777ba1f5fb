// A message as one can send it to strangers: the same report about nobody.
#pragma once

#include <string>
#include <string_view>

#include "nixie/judge.hpp"

namespace nixie {

struct Anonymised {
    std::string bytes;
    /// What of the verdict is not as it was, in a few words; empty if it stands.
    std::string difference;
};

/// Replaces, the same by the same throughout the message: local parts of addresses, host names, IP addresses, message and
/// queue ids, people's names and the words of the returned subject, telephone numbers; empties returned messages and
/// attachments. Structure, line ends and wording stay, as do the domains of public mail providers. Where the verdict would
/// change, ever more of what is merely likely to be private stays too.
/// Never throws; linear in the number of bytes, of which those beyond limits.bytes are left out.
Anonymised anonymise(std::string_view bytes, const Judge& judge, const Limits& limits = {});

} // namespace nixie

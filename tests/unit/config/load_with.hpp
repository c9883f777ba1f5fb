// A configuration of one mailbox, and of what a test adds.
#pragma once

#include <string>

#include "config/config.hpp"
#include "support/temporary_directory.hpp"

namespace nixie {

inline ConfigResult load_with(const TemporaryDirectory& dir, const std::string& tables) {
    return load_config(dir.write("nixie.toml",
                                 "state = \"/var/lib/nixie/nixie.db\"\n[[mailbox]]\nname = \"bounces\"\n"
                                 "url = \"maildir:/var/mail/bounces\"\n" +
                                     tables));
}

} // namespace nixie

#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {

PrivacyConfig read_privacy(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[privacy]", errors);
    PrivacyConfig out;
    const std::string addresses = in.text("addresses", "plain");
    out.hashed = addresses == "hashed";
    if (!out.hashed && addresses != "plain")
        in.complain("addresses", fmt::format("`addresses` may not be `{}`", addresses),
                    "write \"plain\", or \"hashed\" and a `key_file`");
    out.key_file = in.text("key_file");
    if (out.hashed && !out.key_file.starts_with('/'))
        in.complain("key_file", "hashed addresses need `key_file`, an absolute path",
                    "make one: openssl rand -hex 32 > /etc/nixie/address.key; chmod 600 /etc/nixie/address.key");
    in.refuse_other_keys();
    return out;
}

} // namespace nixie

#include "config/sections.hpp"

namespace nixie {

VerpConfig read_verp(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[verp]", errors);
    VerpConfig verp;
    verp.address = in.text("address");
    verp.keys = read_secret_source(in, "keys");
    verp.valid = in.duration("valid", verp.valid);
    verp.require = in.boolean("require_token", verp.require);
    const auto at = verp.address.find('@');
    if (at == std::string::npos || at == 0 || at + 1 == verp.address.size())
        in.complain(
            "address", "`address` is no address that bounces can go to",
            "set `address = \"bounces@news.example.org\"`; mail to bounces+anything@ must reach the mailbox too");
    if (verp.keys.from == SecretSource::From::nothing)
        in.complain("keys_file", "no place for the keys is named", "set `keys_file`, `keys_command` or `keys_env`");
    in.refuse_other_keys();
    return verp;
}

} // namespace nixie

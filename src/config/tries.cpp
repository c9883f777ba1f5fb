// Who makes the tries that are due, and how.
#include "config/sections.hpp"

namespace nixie {
namespace {

constexpr std::int64_t most_in_an_hour = 1'000'000;

void read_resend(TableReader& in, const std::string& file, std::vector<Error>& errors, NotifyConfig& tries) {
    tries.way = NotifyConfig::Way::resend;
    tries.per_domain = static_cast<int>(in.integer("per_domain", tries.per_domain, 1, most_in_an_hour));
    const toml::table none;
    const auto* const table = in.table("smtp");
    TableReader smtp(table ? *table : none, file, "[retry.smtp]", errors);
    tries.smtp = read_smtp(smtp);
    tries.from = smtp.text("from");
    if (!tries.from.empty() && !is_mail_address(tries.from))
        smtp.complain("from", "`from` is no address", "leave it out for that in [verp]");
    smtp.refuse_other_keys();
}

} // namespace

std::optional<NotifyConfig> read_tries(TableReader& in, const std::string& file, std::vector<Error>& errors) {
    const std::string action = in.text("action", "notify");
    NotifyConfig tries;
    tries.name = "retry";
    tries.events = {std::string(try_event)};
    if (action == "command") {
        tries.way = NotifyConfig::Way::try_command;
        tries.target = in.text("command");
        if (tries.target.empty())
            in.complain("command", "`command` is missing", "name the command that makes a try, or leave `action` out");
    } else if (action == "resend") {
        read_resend(in, file, errors, tries);
    } else {
        if (action != "notify")
            in.complain("action", "`action` names no way to make tries", "use notify, command or resend");
        return std::nullopt;
    }
    tries.timeout = in.duration("timeout", tries.timeout);
    return tries;
}

void check_tries(TableReader& in, const Config& config) {
    const NotifyConfig* const tries = config.tries();
    if (!tries || tries->way != NotifyConfig::Way::resend) return;
    if (config.verp.address.empty())
        in.complain("retry", "action = \"resend\" sends again only what a signed return path proves to be yours",
                    "add [verp] and send with `nixie verp sign`");
    if (config.privacy.hashed)
        in.complain("retry", "action = \"resend\" needs the addresses that [privacy] keeps out of the journal",
                    "use action = \"command\" or \"notify\"");
}

} // namespace nixie

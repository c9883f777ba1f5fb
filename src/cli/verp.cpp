#include <sysexits.h>

#include <fstream>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/load_config.hpp"
#include "report/figures.hpp"
#include "verp/return_path.hpp"

namespace nixie {
namespace {

using Json = nlohmann::ordered_json;

struct VerpOptions {
    std::string config_file;
    std::vector<std::string> addresses;
    std::string from;
    std::string mailing;
    bool json = false;
};

struct VerpSettings {
    VerpConfig config;
    std::vector<ReturnPathKey> keys;
};

Result<VerpSettings> verp_settings(const Config& config) {
    if (config.verp.address.empty())
        return Error{ErrorCode::config, "return paths are not signed here", "[verp]",
                     "set `address` and `keys_file` in [verp]: see nixie.toml(5)"};
    auto text = read_secret_text(config.verp.keys);
    if (!text) return text.error();
    auto keys = read_key_ring(*text, config.verp.keys.name);
    if (!keys) return keys.error();
    return VerpSettings{config.verp, std::move(keys).value()};
}

/// The addresses named, and those of a file or of standard input, one a line.
Result<std::vector<std::string>> all_addresses(const VerpOptions& options) {
    std::vector<std::string> out = options.addresses;
    if (options.from.empty()) return out;
    std::ifstream file;
    if (options.from != "-") {
        file.open(options.from);
        if (!file)
            return Error{ErrorCode::input, "cannot read the addresses", options.from,
                         "name a file, or - for standard input"};
    }
    std::istream& in = options.from == "-" ? std::cin : file;
    for (std::string line; std::getline(in, line);)
        if (const auto address = trim(line); !address.empty() && address.front() != '#') out.emplace_back(address);
    return out;
}

int sign_addresses(const VerpOptions& options, const VerpSettings& settings,
                   const std::vector<std::string>& addresses) {
    const Time expires = SystemClock().now() + settings.config.valid;
    int code = EX_OK;
    for (const auto& address : addresses) {
        const auto made = sign_return_path(settings.config.address, address, options.mailing, settings.keys, expires);
        if (!made)
            code = fail(made.error());
        else if (options.json)
            fmt::print("{}\n", Json{{"recipient", to_valid_utf8(address)}, {"return_path", *made}}.dump());
        else if (addresses.size() == 1)
            fmt::print("{}\n", *made);
        else
            fmt::print("{}\t{}\n", printable(address), *made);
    }
    return code;
}

std::string_view verdict_on(ReturnPathFault fault) {
    switch (fault) {
        case ReturnPathFault::none:
            return "valid";
        case ReturnPathFault::unsigned_:
            return "not a signed return path of ours";
        case ReturnPathFault::malformed:
            return "malformed";
        case ReturnPathFault::unknown_key:
            return "signed with a key that is not in the ring";
        case ReturnPathFault::forged:
            return "forged: the token does not belong to this address";
        case ReturnPathFault::expired:
            return "expired";
    }
    return {};
}

int verify_addresses(const VerpOptions& options, const VerpSettings& settings,
                     const std::vector<std::string>& addresses) {
    const Time now = SystemClock().now();
    int code = EX_OK;
    for (const auto& address : addresses) {
        const auto check = check_return_path(settings.config.address, address, settings.keys, now);
        if (check.fault != ReturnPathFault::none) code = EX_DATAERR;
        const bool claims = !check.claim.key.empty();
        if (options.json) {
            Json out{{"return_path", to_valid_utf8(address)},
                     {"valid", check.fault == ReturnPathFault::none},
                     {"fault", name(check.fault)}};
            if (claims) {
                out["recipient"] = to_valid_utf8(check.claim.recipient);
                out["mailing"] = to_valid_utf8(check.claim.mailing);
                out["key"] = check.claim.key;
                out["expires"] = format_time(check.claim.expires);
            }
            fmt::print("{}\n", out.dump(-1, ' ', false, Json::error_handler_t::replace));
            continue;
        }
        fmt::print("{}: {}\n", printable(address), verdict_on(check.fault));
        if (!claims) continue;
        fmt::print("  recipient {}\n  mailing   {}\n  key       {}\n  expires   {}\n",
                   check.claim.recipient.empty() ? "(not named)" : printable(check.claim.recipient),
                   check.claim.mailing.empty() ? "(not named)" : printable(check.claim.mailing), check.claim.key,
                   zoned_time(check.claim.expires));
    }
    return code;
}

using VerpCommand = int (*)(const VerpOptions&, const VerpSettings&, const std::vector<std::string>&);

int with_addresses(const VerpOptions& options, VerpCommand run) {
    const auto config = load_config_or_complain(options.config_file);
    if (!config) return EX_CONFIG;
    const auto settings = verp_settings(*config);
    if (!settings) return fail(settings.error());
    const auto addresses = all_addresses(options);
    if (!addresses) return fail(addresses.error());
    if (addresses->empty())
        return fail({ErrorCode::usage, "no address is given", {}, "name addresses, or a file of them with --from"});
    return run(options, *settings, *addresses);
}

CLI::App* add_verp_command(CLI::App& verp, const char* name, const char* description, const char* what, VerpCommand run,
                           const std::shared_ptr<VerpOptions>& options, Command& chosen) {
    auto* command = verp.add_subcommand(name, description);
    add_config_option(*command, options->config_file);
    command->add_option("address", options->addresses, what);
    command->add_option("--from", options->from, "A file with an address a line, or - for standard input")
        ->option_text("FILE");
    command->add_flag("--json", options->json, "One line of JSON an address");
    on_chosen(*command, chosen, options, [run](const VerpOptions& given) { return with_addresses(given, run); });
    return command;
}

} // namespace

void add_verp(CLI::App& app, Command& chosen) {
    auto options = std::make_shared<VerpOptions>();
    auto* verp = app.add_subcommand("verp", "Sign return paths, and check those that came back");
    verp->require_subcommand(1);
    add_verp_command(*verp, "sign", "Print the return path to send a message to a recipient with", "Recipients",
                     sign_addresses, options, chosen)
        ->add_option("--mailing", options->mailing, "Which mailing it is: at most 24 letters, digits, '_' and '-'");
    add_verp_command(*verp, "verify", "Say whether return paths are ours and still valid, and whom they name",
                     "Return paths", verify_addresses, options, chosen);
    verp->footer(
        "The address and the keys are those of [verp] in the configuration. Sign with the envelope sender's address:\n"
        "  sendmail -f \"$(nixie verp sign --mailing spring ann@example.org)\" ann@example.org < message\n"
        "`verify` ends with 65 if one of them is not valid.");
}

} // namespace nixie

#include "config/config.hpp"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "config/sections.hpp"

namespace nixie {
namespace {

Config read_config(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "the configuration", errors);
    Config config;
    config.state = in.text("state");
    if (!config.state.starts_with('/'))
        in.complain("state", "`state` names no absolute path for the journal",
                    "set `state = \"/var/lib/nixie/nixie.db\"`");
    // What mailboxes may leave out comes first.
    if (const auto* folders = in.table("folders"))
        config.folders = read_folders(*folders, "[folders]", {}, file, errors);
    if (const auto* retry = in.table("retry")) {
        TableReader keys(*retry, file, "[retry]", errors);
        config.retry = read_retry(keys, "[retry]", {}, file, errors);
        if (auto tries = read_tries(keys, file, errors)) config.notify.push_back(std::move(*tries));
        keys.refuse_other_keys();
    }
    if (const auto* thresholds = in.table("thresholds"))
        config.retry.thresholds = read_thresholds(*thresholds, file, errors);
    if (const auto* sender = in.table("sender")) config.retry.sender = read_sender(*sender, file, errors);
    if (const auto* limits = in.table("limits")) read_limits(*limits, file, errors, config);
    for (const auto* mailbox : in.tables("mailbox"))
        config.mailboxes.push_back(read_mailbox(*mailbox, config, file, errors));
    if (config.mailboxes.empty())
        in.complain("mailbox", "no mailbox is configured", "add a [[mailbox]] with `name` and `url`");
    for (auto it = config.mailboxes.begin(); it != config.mailboxes.end(); ++it)
        if (std::any_of(config.mailboxes.begin(), it, [&](const auto& other) { return other.name == it->name; }))
            in.complain("mailbox", fmt::format("two mailboxes are called `{}`", it->name),
                        "give each a name of its own");
    config.rules_directory = read_rules_directory(in.table("rules"), file, errors);
    read_notify(in, file, errors, config);
    if (const auto* privacy = in.table("privacy")) config.privacy = read_privacy(*privacy, file, errors);
    if (const auto* retention = in.table("retention")) config.retention = read_retention(*retention, file, errors);
    if (const auto* metrics = in.table("metrics")) config.metrics = read_metrics(*metrics, file, errors);
    if (const auto* digest = in.table("digest")) config.digest = read_digest(*digest, config, file, errors);
    if (const auto* log = in.table("log")) config.log = read_log(*log, file, errors);
    if (const auto* verp = in.table("verp")) config.verp = read_verp(*verp, file, errors);
    if (const auto* attribution = in.table("attribution")) read_attribution(*attribution, file, errors, config);
    check_tries(in, config);
    in.refuse_other_keys();
    return config;
}

} // namespace

ConfigResult load_config(const std::string& file) {
    ConfigResult result;
    std::error_code failure;
    if (!std::filesystem::is_regular_file(file, failure)) {
        result.errors.push_back({ErrorCode::config, "there is no such configuration file", file,
                                 "name one with --config, or begin with conf/nixie.toml"});
        return result;
    }
    try {
        const toml::table table = toml::parse_file(file);
        Config config = read_config(table, file, result.errors);
        if (result.errors.empty()) result.config = std::move(config);
    } catch (const toml::parse_error& error) {
        result.errors.push_back({ErrorCode::config, std::string(error.description()),
                                 fmt::format("{}:{}", file, error.source().begin.line),
                                 "see https://toml.io for the syntax"});
    }
    return result;
}

} // namespace nixie

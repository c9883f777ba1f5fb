#include "config/config.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fmt/format.h>

#include "base/text.hpp"
#include "config/table_reader.hpp"
#include "config/url.hpp"

namespace nixie {
namespace {

constexpr std::int64_t least_fetch = 16 * 1024;
constexpr std::int64_t most_fetch = 16 * 1024 * 1024;

Duration read_duration(TableReader& in, std::string_view key, Duration fallback) {
    if (!in.has(key)) return fallback;
    if (const auto duration = parse_duration(in.text(key))) return *duration;
    in.complain(key, fmt::format("`{}` is no length of time", key), "write it as 90s, 5m, 1h, 1d or 1w");
    return fallback;
}

SecretSource read_secret_source(TableReader& in) {
    constexpr std::array<std::pair<std::string_view, SecretSource::From>, 3> keys{
        {{"password_file", SecretSource::From::file},
         {"password_command", SecretSource::From::command},
         {"password_env", SecretSource::From::environment}}};
    SecretSource source;
    for (const auto& [key, from] : keys) {
        const std::string value = in.text(key);
        if (value.empty()) continue;
        if (source.from != SecretSource::From::nothing)
            in.complain(key, "more than one place for the password",
                        "keep one of `password_file`, `password_command` and `password_env`");
        source = {from, value};
    }
    if (in.has("password"))
        in.complain("password", "a password does not belong into the configuration",
                    "put it into a file of its own with mode 0600 and name that in `password_file`");
    return source;
}

void read_encryption(TableReader& in, MailboxConfig& mailbox) {
    const std::string tls = in.text("tls");
    const bool allowed = in.boolean("allow_plaintext_login", false);
    if (tls == "starttls" || tls == "none") {
        if (mailbox.encryption == Encryption::implicit)
            in.complain("tls", fmt::format("`tls = \"{}\"` contradicts the URL", tls),
                        "use imap:// or pop3://, or leave `tls` out");
        mailbox.encryption = tls == "none" ? Encryption::none : Encryption::starttls;
    } else if (!tls.empty()) {
        in.complain("tls", "`tls` must be \"starttls\" or \"none\"",
                    "for TLS from the first byte use imaps:// or pop3s://");
    }
    if (mailbox.encryption == Encryption::none && !is_loopback(mailbox.host) && !allowed)
        in.complain("tls", "the password would cross the network readable to all",
                    "use imaps:// or pop3s://, or say `allow_plaintext_login = true`");
}

void read_server_login(TableReader& in, MailboxConfig& mailbox) {
    read_encryption(in, mailbox);
    mailbox.user = in.text("user");
    mailbox.ca_file = in.text("ca_file");
    mailbox.secret = read_secret_source(in);
    if (mailbox.user.empty()) in.complain("user", "`user` is missing", "name the account to log in to");
    if (mailbox.secret.from == SecretSource::From::nothing && !in.has("password"))
        in.complain("password_file", "no place for the password is named",
                    "set `password_file`, `password_command` or `password_env`");
    if (mailbox.secret.from == SecretSource::From::file)
        if (const auto secret = read_secret(mailbox.secret); !secret)
            in.complain("password_file", secret.error().where + ": " + secret.error().what, secret.error().remedy);
    if (!mailbox.ca_file.empty() && !std::ifstream(mailbox.ca_file))
        in.complain("ca_file", fmt::format("cannot read {}", mailbox.ca_file), "name a readable PEM file");
}

MailboxConfig read_mailbox(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[[mailbox]]", errors);
    MailboxConfig mailbox;
    mailbox.name = in.text("name");
    if (mailbox.name.empty()) in.complain("name", "`name` is missing", "give the mailbox a short name that stays");
    const std::string url = in.text("url");
    const auto read = read_url(url, mailbox);
    if (!read) in.complain("url", read.error().what, read.error().remedy);
    if (read && mailbox.protocol != Protocol::maildir) read_server_login(in, mailbox);
    if (mailbox.protocol == Protocol::imap) mailbox.inbox = in.text("inbox", mailbox.inbox);
    if (mailbox.protocol == Protocol::pop3) {
        mailbox.local_maildir = in.text("maildir");
        if (read && !mailbox.local_maildir.starts_with('/'))
            in.complain("maildir", "POP3 has no folders, and `maildir` names no absolute path to file messages into",
                        "set `maildir = \"/var/lib/nixie/mail\"`");
    }
    mailbox.poll = read_duration(in, "poll", mailbox.poll);
    if (read) in.refuse_other_keys();
    return mailbox;
}

bool is_folder_name(std::string_view name) {
    if (name.empty() || name.front() == '/' || name.back() == '/' || name.find("//") != std::string_view::npos)
        return false;
    return std::none_of(name.begin(), name.end(),
                        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }) &&
           to_valid_utf8(name) == name;
}

FolderNames read_folders(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[folders]", errors);
    FolderNames folders;
    folders.root = in.text("root", folders.root);
    const auto known = FolderNames::defaults();
    for (const auto& key : in.keys()) {
        const std::string name = in.text(key);
        if (key != "root" && std::find(known.begin(), known.end(), key) == known.end())
            in.complain(key, fmt::format("there is no folder called `{}`", key),
                        fmt::format("known are root, {}", fmt::join(known, ", ")));
        else if (!is_folder_name(name))
            in.complain(key, fmt::format("`{}` is no name for a folder", key),
                        "use UTF-8 text with '/' between levels, no control characters and no empty level");
        else if (key != "root")
            folders.renamed[key] = name;
    }
    return folders;
}

RetryPolicy read_retry(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "[retry]", errors);
    RetryPolicy policy;
    if (in.has("windows")) {
        policy.windows.clear();
        for (const auto& text : in.texts("windows")) {
            const auto window = parse_duration(text);
            if (!window) {
                in.complain("windows", fmt::format("`{}` is no length of time", text),
                            "write windows = [\"1h\", \"1d\", \"1w\"]");
            } else if (!policy.windows.empty() && *window < policy.windows.back()) {
                in.complain("windows", "a window is shorter than the one before it", "order them from short to long");
            } else {
                policy.windows.push_back(*window);
            }
        }
    }
    policy.settle = read_duration(in, "settle", policy.settle);
    in.refuse_other_keys();
    return policy;
}

/// The usual folder may be missing; one that is named may not.
std::string read_rules_directory(const toml::table* table, const std::string& file, std::vector<Error>& errors) {
    std::error_code ignored;
    std::string usual = std::filesystem::exists(default_rules_directory, ignored) ? default_rules_directory : "";
    if (table == nullptr) return usual;
    TableReader in(*table, file, "[rules]", errors);
    const bool named = in.has("directory");
    std::string directory = in.text("directory", usual);
    if (named && !directory.empty() && !std::filesystem::is_directory(directory, ignored))
        in.complain("directory", fmt::format("there is no folder {}", directory),
                    "create it, or leave `directory` out");
    in.refuse_other_keys();
    return directory;
}

Config read_config(const toml::table& table, const std::string& file, std::vector<Error>& errors) {
    TableReader in(table, file, "the configuration", errors);
    Config config;
    config.state = in.text("state");
    if (!config.state.starts_with('/'))
        in.complain("state", "`state` names no absolute path for the journal",
                    "set `state = \"/var/lib/nixie/nixie.db\"`");
    for (const auto* mailbox : in.tables("mailbox")) config.mailboxes.push_back(read_mailbox(*mailbox, file, errors));
    if (config.mailboxes.empty())
        in.complain("mailbox", "no mailbox is configured", "add a [[mailbox]] with `name` and `url`");
    for (auto it = config.mailboxes.begin(); it != config.mailboxes.end(); ++it)
        if (std::any_of(config.mailboxes.begin(), it, [&](const auto& other) { return other.name == it->name; }))
            in.complain("mailbox", fmt::format("two mailboxes are called `{}`", it->name),
                        "give each a name of its own");
    if (const auto* folders = in.table("folders")) config.folders = read_folders(*folders, file, errors);
    if (const auto* retry = in.table("retry")) config.retry = read_retry(*retry, file, errors);
    if (const auto* limits = in.table("limits")) {
        TableReader read(*limits, file, "[limits]", errors);
        config.fetch_bytes = static_cast<std::size_t>(
            read.integer("fetch_bytes", static_cast<std::int64_t>(config.fetch_bytes), least_fetch, most_fetch));
        config.attempts = static_cast<int>(read.integer("attempts", config.attempts, 1, 100));
        read.refuse_other_keys();
    }
    config.rules_directory = read_rules_directory(in.table("rules"), file, errors);
    if (const auto* notify = in.table("notify")) {
        TableReader read(*notify, file, "[notify]", errors);
        config.notify_command = read.text("command");
        read.refuse_other_keys();
    }
    in.refuse_other_keys();
    return config;
}

} // namespace

std::vector<std::string> FolderNames::defaults() {
    std::vector<std::string> names;
    for (const auto& category : categories) names.emplace_back(category.name);
    for (const auto& kind : kinds)
        if (kind.kind != Kind::bounce && kind.kind != Kind::other) names.emplace_back(kind.name);
    // The category `other` has that name already.
    names.emplace_back("ordinary");
    names.emplace_back("quarantine");
    return names;
}

std::vector<std::string> FolderNames::path(const std::string& default_name) const {
    const auto found = renamed.find(default_name);
    std::stringstream whole(root + "/" + (found == renamed.end() ? default_name : found->second));
    std::vector<std::string> levels;
    for (std::string level; std::getline(whole, level, '/');) levels.push_back(level);
    return levels;
}

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

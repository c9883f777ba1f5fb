// One reader for each table of the configuration file, each in a file of its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"
#include "config/table_reader.hpp"

namespace nixie {

/// [[mailbox]]; what it leaves out is as in `config`, read so far.
MailboxConfig read_mailbox(const toml::table& table, const Config& config, const std::string& file,
                           std::vector<Error>& errors);
/// The keys of [[mailbox]] by which to log in to a server, and [mailbox.oauth].
LoginConfig read_login(TableReader& in, const std::string& file, std::vector<Error>& errors);
/// [mailbox.oauth]
OAuthConfig read_oauth(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// `<name>_file`, `<name>_command` or `<name>_env`: at most one of them.
SecretSource read_secret_source(TableReader& in, const std::string& name);
/// Of a [[mailbox]]: its tables and the limits that may be its own.
void read_overrides(TableReader& in, const Config& config, MailboxConfig& mailbox, const std::string& file,
                    std::vector<Error>& errors);
/// [folders] or [mailbox.folders], called `name`; what it leaves out is as in `base`.
FolderNames read_folders(const toml::table& table, const std::string& name, FolderNames base, const std::string& file,
                         std::vector<Error>& errors);
/// The policy in [retry] or [mailbox.retry], called `name`; what it leaves out is as in `base`.
RetryPolicy read_retry(TableReader& in, const std::string& name, RetryPolicy base, const std::string& file,
                       std::vector<Error>& errors);
/// Who makes due tries, as [retry] says; nothing: nobody but people and who is told of events.
std::optional<NotifyConfig> read_tries(TableReader& in, const std::string& file, std::vector<Error>& errors);
/// Whether that way of making tries has all it needs from elsewhere.
void check_tries(TableReader& in, const Config& config);
/// The keys of a server that takes mail.
SmtpConfig read_smtp(TableReader& in);
/// Complains about a URL that is neither `secure` nor `clear`, or that holds a password.
void check_place(TableReader& in, std::string_view key, const std::string& url, std::string_view secure,
                 std::string_view clear);
/// The host that a URL names.
std::string_view host_in(std::string_view url);
/// Whether it looks like one, and can stand between angle brackets.
bool is_mail_address(std::string_view text);
/// [log]
LogConfig read_log(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [thresholds]
Thresholds read_thresholds(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [sender]
SenderPolicy read_sender(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [retention]
RetentionConfig read_retention(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [metrics]
MetricsConfig read_metrics(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [digest]; folders and ways to tell events were read.
DigestConfig read_digest(const toml::table& table, const Config& config, const std::string& file,
                         std::vector<Error>& errors);
/// Whether it can name a folder, with its levels.
bool is_folder_name(std::string_view name);
/// [privacy]
PrivacyConfig read_privacy(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [limits]
void read_limits(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config);
/// `bytes_per_day` of [limits] or of a mailbox; less than one message's worth is a complaint.
std::uint64_t read_bytes_per_day(TableReader& in, std::uint64_t fallback, std::size_t fetch_bytes);
/// [attribution]
void read_attribution(const toml::table& table, const std::string& file, std::vector<Error>& errors, Config& config);
/// [verp]
VerpConfig read_verp(const toml::table& table, const std::string& file, std::vector<Error>& errors);
/// [rules]; without that table the usual folder, if it is there.
std::string read_rules_directory(const toml::table* table, const std::string& file, std::vector<Error>& errors);
/// [[notify]], or [notify] with nothing but a command
void read_notify(TableReader& in, const std::string& file, std::vector<Error>& errors, Config& config);

} // namespace nixie

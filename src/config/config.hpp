// The configuration as values, read from a TOML file and checked; every complaint names file, line and remedy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/login.hpp"
#include "nixie/attribution.hpp"
#include "nixie/decision.hpp"
#include "nixie/message.hpp"
#include "nixie/result.hpp"
#include "nixie/time.hpp"

namespace nixie {

inline constexpr const char* default_config_file = "/etc/nixie/nixie.toml";
/// Read if it is there.
inline constexpr const char* default_rules_directory = "/etc/nixie/rules.d";

enum class Protocol { imap, pop3, maildir };
enum class Encryption { implicit, starttls, none };

/// How folders are called: levels joined by '/'.
struct FolderNames {
    std::string root = "Bounces";
    std::map<std::string, std::string> renamed; ///< default name of a folder below the root → its name

    /// The names of all folders below the root, before renaming: the categories, the other kinds, "ordinary", "quarantine".
    static std::vector<std::string> defaults();
    /// The levels of the folder with this default name, from the root down.
    [[nodiscard]] std::vector<std::string> path(const std::string& default_name) const;

    friend bool operator==(const FolderNames&, const FolderNames&) = default;
};

struct MailboxConfig {
    std::string name;
    std::string url; ///< as configured
    Protocol protocol = Protocol::imap;
    std::string host;
    int port = 0;     ///< the protocol's own where the URL names none
    std::string path; ///< maildir only
    Encryption encryption = Encryption::implicit;
    LoginConfig login;
    std::string inbox = "INBOX";
    bool compress = false;     ///< imap only: where many messages are fetched and the server can
    bool keywords = true;      ///< imap only: filed messages carry what they say, where the server keeps keywords
    bool folder_notes = false; ///< each folder has a message in front that tells what is in it
    std::string local_maildir; ///< pop3 only: the tree that messages are filed into
    bool keep = false;         ///< pop3 only: nothing is deleted on the server
    Duration poll = std::chrono::minutes(5);
    FolderNames folders;             ///< those of the whole configuration, with [mailbox.folders] over them
    RetryPolicy retry;               ///< that of the whole configuration, with [mailbox.retry] over it
    int connections = 0;             ///< open to its server at once, all its mailboxes together
    std::uint64_t bytes_per_day = 0; ///< fetched at most in a day of UTC; 0: no limit

    /// Whether a service may go on with a mailbox when the configuration was read again.
    friend bool operator==(const MailboxConfig&, const MailboxConfig&) = default;
};

enum class LogFormat { text, logfmt, json };
enum class LogLevel { debug, info, warning, error };
enum class LogTarget { standard_error, journal };

struct LogConfig {
    LogFormat format = LogFormat::text;
    LogLevel level = LogLevel::info;
    LogTarget target = LogTarget::standard_error;

    friend bool operator==(const LogConfig&, const LogConfig&) = default;
};

/// Signed return paths: see verp/return_path.hpp.
struct VerpConfig {
    std::string address;                          ///< that bounces go to; empty: return paths are not signed
    SecretSource keys;                            ///< the key ring
    Duration valid = std::chrono::hours(24 * 30); ///< how long a bounce may take to come back
    bool require = false;                         ///< a report without a valid one is suspicious

    friend bool operator==(const VerpConfig&, const VerpConfig&) = default;
};

/// How the journal keeps addresses.
struct PrivacyConfig {
    bool hashed = false;
    std::string key_file;
};

/// How the figures of the journal are told.
struct MetricsConfig {
    std::string textfile;           ///< written after passes; empty: none
    std::string host = "127.0.0.1"; ///< numeric
    int port = 0;                   ///< that a service listens on; 0: none

    friend bool operator==(const MetricsConfig&, const MetricsConfig&) = default;
};

/// For how long the journal keeps what; nothing: for ever.
struct RetentionConfig {
    std::optional<Duration> messages;
    std::optional<Duration> events = std::chrono::hours(24 * 30);
    std::optional<Duration> counts = std::chrono::hours(24 * 400);
};

/// The report that comes by itself.
struct DigestConfig {
    std::optional<Duration> every;  ///< nothing: none comes
    bool file = true;               ///< put into each mailbox
    std::string folder = "Reports"; ///< below the root of the folders

    friend bool operator==(const DigestConfig&, const DigestConfig&) = default;
};

/// A server that takes mail, and who we are there.
struct SmtpConfig {
    std::string url = "smtp://localhost";
    Encryption encryption = Encryption::none; ///< smtp:// to another machine: STARTTLS
    std::string user;
    SecretSource password;
    std::string ca_file;

    friend bool operator==(const SmtpConfig&, const SmtpConfig&) = default;
};

/// The event for who makes due tries; no [[notify]] can ask for it.
inline constexpr std::string_view try_event = "try";

/// [[notify]]: one way to tell events. Also what [retry] says of how tries are made, as the way that is told of `try_event`.
struct NotifyConfig {
    enum class Way { command, url, file, mail, try_command, resend };
    enum class Format { standard, listmonk, mautic, sympa };

    std::string name; ///< its progress is kept under that
    Way way = Way::command;
    std::string target;                 ///< the command, URL, path or address
    std::vector<std::string> events;    ///< types; empty: all
    std::vector<std::string> mailboxes; ///< names; empty: all
    Format format = Format::standard;
    SecretSource secret; ///< url: a signing secret a line
    std::string user;    ///< url
    SecretSource password;
    std::string ca_file;
    std::string list, owner; ///< sympa
    SmtpConfig smtp;         ///< mail, resend
    std::string from;        ///< the same
    int per_domain = 60;     ///< resend: messages to one domain in an hour
    Duration timeout = std::chrono::seconds(30);
    int attempts = 100;                            ///< then it is a dead letter
    Duration give_up = std::chrono::hours(24 * 3); ///< after that, too

    [[nodiscard]] bool wants(const std::string& event, const std::string& mailbox) const;
    friend bool operator==(const NotifyConfig&, const NotifyConfig&) = default;
};

struct Config {
    std::string state; ///< path of the journal
    std::vector<MailboxConfig> mailboxes;
    FolderNames folders;                      ///< where a mailbox has none of its own
    RetryPolicy retry;                        ///< where a mailbox has none of its own
    std::size_t fetch_bytes = Limits{}.bytes; ///< of each message; the rest is not fetched
    int attempts = 3;                         ///< at reading or filing one message before it is quarantined
    int connections_per_host = 8;             ///< where a mailbox does not say
    int mailboxes_at_once = 16;               ///< worked on side by side in a single pass
    std::uint64_t bytes_per_day = 0;          ///< where a mailbox does not say
    LogConfig log;
    VerpConfig verp;
    Attribution attribution;
    /// Of the Message-IDs of our mail, in lower case; empty: reports are not asked for it.
    std::vector<std::string> message_id_domains;
    /// Folder of one's own rules and formats; empty: none.
    std::string rules_directory;
    PrivacyConfig privacy;
    RetentionConfig retention;
    MetricsConfig metrics;
    DigestConfig digest;
    std::vector<NotifyConfig> notify; ///< ways to tell events, and first the one that makes tries, if there is one

    /// The way that makes due tries; null: people, or who is told of `due` events.
    [[nodiscard]] const NotifyConfig* tries() const;
};

/// Either a configuration, or at least one complaint.
struct ConfigResult {
    std::optional<Config> config;
    std::vector<Error> errors;
};

ConfigResult load_config(const std::string& file);

} // namespace nixie

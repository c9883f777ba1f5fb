#include <algorithm>
#include <array>
#include <fstream>

#include <fmt/format.h>

#include "config/sections.hpp"
#include "config/url.hpp"

namespace nixie {
namespace {

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
    // Commands that need no password are also run by people who have no credentials.
    if (mailbox.secret.from == SecretSource::From::file && !is_credential(mailbox.secret))
        if (const auto secret = read_secret(mailbox.secret); !secret)
            in.complain("password_file", secret.error().where + ": " + secret.error().what, secret.error().remedy);
    if (!mailbox.ca_file.empty() && !std::ifstream(mailbox.ca_file))
        in.complain("ca_file", fmt::format("cannot read {}", mailbox.ca_file), "name a readable PEM file");
}

} // namespace

MailboxConfig read_mailbox(const toml::table& table, const Config& config, const std::string& file,
                           std::vector<Error>& errors) {
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
    mailbox.poll = in.duration("poll", mailbox.poll);
    read_overrides(in, config, mailbox, file, errors);
    if (read) in.refuse_other_keys();
    return mailbox;
}

} // namespace nixie

#include <fmt/format.h>

#include "config/sections.hpp"
#include "config/url.hpp"

namespace nixie {
namespace {

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

/// Beside the journal. Names may hold anything; what is no letter or digit is written as its code.
std::string token_file(const std::string& state, const std::string& mailbox) {
    std::string name;
    for (const char c : mailbox) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-';
        name += plain ? std::string(1, c) : fmt::format("_{:02x}", static_cast<unsigned char>(c));
    }
    return state + ".tokens/" + name + ".json";
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
    if (read && mailbox.protocol != Protocol::maildir) {
        read_encryption(in, mailbox);
        mailbox.login = read_login(in, file, errors);
        mailbox.login.token_file = token_file(config.state, mailbox.name);
    }
    if (mailbox.protocol == Protocol::imap) {
        mailbox.inbox = in.text("inbox", mailbox.inbox);
        mailbox.compress = in.boolean("compress", !is_loopback(mailbox.host));
        mailbox.keywords = in.boolean("keywords", mailbox.keywords);
    }
    if (mailbox.protocol == Protocol::pop3) {
        mailbox.local_maildir = in.text("maildir");
        mailbox.keep = in.boolean("keep", mailbox.keep);
        if (read && !mailbox.local_maildir.starts_with('/'))
            in.complain("maildir", "POP3 has no folders, and `maildir` names no absolute path to file messages into",
                        "set `maildir = \"/var/lib/nixie/mail\"`");
    }
    mailbox.folder_notes = in.boolean("folder_notes", mailbox.folder_notes);
    mailbox.poll = in.duration("poll", mailbox.poll);
    read_overrides(in, config, mailbox, file, errors);
    if (read) in.refuse_other_keys();
    return mailbox;
}

} // namespace nixie

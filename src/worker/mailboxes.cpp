#include "worker/mailboxes.hpp"

#include <cassert>

#include <fmt/format.h>

#include "log/log.hpp"
#include "log/secrets.hpp"
#include "mailbox/imap/mailbox.hpp"
#include "mailbox/maildir/mailbox.hpp"
#include "mailbox/pop3/mailbox.hpp"

namespace nixie {
namespace {

Tls tls_of(Encryption encryption) {
    switch (encryption) {
        case Encryption::implicit:
            return Tls::implicit;
        case Encryption::starttls:
            return Tls::starttls;
        case Encryption::none:
            return Tls::none;
    }
    return Tls::implicit;
}

std::string server_url(const MailboxConfig& config) {
    const std::string_view scheme = config.protocol == Protocol::imap ? "imap" : "pop3";
    const std::string_view secure = config.encryption == Encryption::implicit ? "s" : "";
    const bool ipv6 = config.host.find(':') != std::string::npos;
    const std::string host = ipv6 ? "[" + config.host + "]" : config.host;
    return fmt::format("{}{}://{}:{}", scheme, secure, host, config.port);
}

} // namespace

Result<std::unique_ptr<Mailbox>> make_mailbox(const MailboxConfig& config) {
    if (config.protocol == Protocol::maildir)
        return std::unique_ptr<Mailbox>(std::make_unique<MaildirMailbox>(config.path));
    auto password = read_secret(config.secret);
    if (!password) return password.error();
    guard_secret(*password);
    Endpoint endpoint;
    endpoint.url = server_url(config);
    endpoint.tls = tls_of(config.encryption);
    endpoint.ca_file = config.ca_file;
    endpoint.user = config.user;
    endpoint.password = std::move(password).value();
    if (config.protocol == Protocol::pop3)
        return std::unique_ptr<Mailbox>(std::make_unique<Pop3Mailbox>(std::move(endpoint), config.local_maildir));
    const auto log = [name = config.name](std::string_view text) {
        nixie::log(LogLevel::warning, text, {{"mailbox", name}});
    };
    return std::unique_ptr<Mailbox>(std::make_unique<ImapMailbox>(std::move(endpoint), config.inbox, log));
}

} // namespace nixie

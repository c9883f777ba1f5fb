#include "worker/mailboxes.hpp"

#include "log/log.hpp"
#include "mailbox/imap/mailbox.hpp"
#include "mailbox/maildir/mailbox.hpp"
#include "mailbox/pop3/mailbox.hpp"
#include "worker/endpoint.hpp"

namespace nixie {

Result<std::unique_ptr<Mailbox>> make_mailbox(const MailboxConfig& config, std::function<bool()> stop) {
    if (config.protocol == Protocol::maildir)
        return std::unique_ptr<Mailbox>(std::make_unique<MaildirMailbox>(config.path));
    auto endpoint = make_endpoint(config);
    if (!endpoint) return endpoint.error();
    endpoint->stop = std::move(stop);
    if (config.protocol == Protocol::pop3)
        return std::unique_ptr<Mailbox>(std::make_unique<Pop3Mailbox>(
            *endpoint, config.local_maildir,
            config.keep ? Pop3Mailbox::Afterwards::keep : Pop3Mailbox::Afterwards::remove));
    const auto log = [name = config.name](std::string_view text) {
        nixie::log(LogLevel::warning, text, {{"mailbox", name}});
    };
    auto mailbox = std::make_unique<ImapMailbox>(*endpoint, config.inbox, log);
    if (config.compress) mailbox->allow_compression();
    return std::unique_ptr<Mailbox>(std::move(mailbox));
}

Result<std::unique_ptr<Mailbox>> make_filed_mailbox(const MailboxConfig& config) {
    if (config.protocol != Protocol::pop3) return make_mailbox(config);
    return std::unique_ptr<Mailbox>(std::make_unique<MaildirMailbox>(config.local_maildir));
}

} // namespace nixie

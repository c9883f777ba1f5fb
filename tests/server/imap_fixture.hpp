// An ImapMailbox on a user of its own at a private Dovecot.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "mailbox/imap/mailbox.hpp"
#include "server/probe.hpp"
#include "support/dovecot.hpp"

namespace nixie {

using Strings = std::vector<std::string>;

struct ImapFixture {
    explicit ImapFixture(const Strings& options = {}) : server(Dovecot::with(options)) {}

    static std::string message(const std::string& id, const std::string& body = "text\n") {
        return "Received: by mx; " + id + "\nMessage-ID: <" + id + "@mx>\nSubject: " + id + "\n\n" + body;
    }
    void deliver(int count) {
        for (int i = 0; i < count; ++i) server.deliver(user, message(user + "-" + std::to_string(i)));
    }
    /// A mailbox of its own, as another run of the program has it.
    std::unique_ptr<ImapMailbox> open(Access access = Access::change) {
        auto mailbox =
            std::make_unique<ImapMailbox>(probed(server.endpoint("imap", user), probe), "imap://server", "INBOX",
                                          [this](std::string_view text) { log.emplace_back(text); });
        check(mailbox->open(access));
        probe->sent.clear();
        return mailbox;
    }
    static Strings uids(Mailbox& mailbox) {
        const auto listing = mailbox.list();
        check(listing);
        return listing->uids;
    }
    static std::map<std::string, FetchedMessage> fetch(Mailbox& mailbox, const Strings& uids,
                                                       std::size_t max_bytes = 100'000) {
        std::map<std::string, FetchedMessage> messages;
        check(mailbox.fetch(uids, max_bytes, [&](FetchedMessage&& message) {
            const std::string uid = message.uid;
            CHECK(messages.emplace(uid, std::move(message)).second);
        }));
        return messages;
    }
    template <class T>
    static void check(const Result<T>& result) {
        INFO((result ? "" : result.error().text()));
        REQUIRE(result);
    }

    Dovecot& server;
    std::string user = Dovecot::new_user();
    std::shared_ptr<Probe> probe = std::make_shared<Probe>();
    Strings log;
};

} // namespace nixie

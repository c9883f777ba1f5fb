// A person with a mail client, or with a shell in a Maildir, who moves what nixie filed.
#pragma once

#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <string>

#include "mailbox/imap/mailbox.hpp"
#include "mailbox/maildir/mailbox.hpp"
#include "support/maildir_tree.hpp"
#include "support/scene.hpp"

namespace nixie {

class Person {
  public:
    Person(std::unique_ptr<Mailbox> client, std::filesystem::path maildir)
        : client_(std::move(client)), maildir_(std::move(maildir)) {}
    /// At the mailbox of that scene, which has the user's name.
    static Person at(const Scene& scene, const Dovecot* server, const std::string& user) {
        if (server) return {std::make_unique<ImapMailbox>(server->endpoint("imap", user)), {}};
        return {std::make_unique<MaildirMailbox>(scene.maildir.string()), scene.maildir};
    }

    /// Moves everything from one folder to another.
    void move(const FolderPath& from, const FolderPath& to) const {
        if (to.empty() && !maildir_.empty()) return rename_to_inbox("." + from.front() + "." + from.back());
        check(client_->open(Access::change));
        check(client_->enter(from, Access::change));
        const auto listing = client_->list();
        check(listing);
        REQUIRE_FALSE(listing->uids.empty());
        check(client_->file({to.empty() ? FolderPath{"INBOX"} : to, listing->uids}));
        check(client_->close());
    }

  private:
    template <class T>
    static void check(const Result<T>& result) {
        INFO((result ? "" : result.error().text()));
        REQUIRE(result);
    }
    void rename_to_inbox(const std::string& folder) const {
        const auto files = message_files(maildir_);
        for (const auto& file : files.at(folder))
            std::filesystem::rename(file, maildir_ / file.parent_path().filename() / file.filename());
    }

    std::unique_ptr<Mailbox> client_;
    std::filesystem::path maildir_; ///< empty: on a server
};

} // namespace nixie

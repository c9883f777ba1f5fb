// A mailbox in memory that does as a test tells it, and remembers what it was asked.
#pragma once

#include <algorithm>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "mailbox/mailbox.hpp"

namespace nixie {

class FakeMailbox final : public Mailbox {
  public:
    std::vector<std::pair<std::string, std::string>> inbox;       ///< uid and bytes
    std::map<std::string, std::vector<std::string>> folders;      ///< path → uids
    std::function<Result<void>(const std::string& uid)> on_fetch; ///< before each message; an error ends the fetch
    std::function<Result<void>(const Filing&)> on_file;           ///< before each move
    std::function<Result<void>()> on_put;                         ///< before each message of our own
    std::vector<std::string> written;                             ///< those messages
    std::vector<std::size_t> fetches;                             ///< how many messages each fetch asked for

    Result<void> open(Access /*access*/) override { return {}; }
    Result<MailboxInfo> inspect() override { return MailboxInfo{}; }
    Result<FilingTrial> try_out(const FolderPath& /*root*/, const Clock& /*clock*/) override { return FilingTrial{}; }
    Result<Listing> list() override {
        Listing out{"7", {}};
        for (const auto& message : inbox) out.uids.push_back(message.first);
        return out;
    }
    Result<Listing> list_from(const std::string& /*next*/) override { return list(); }
    Result<void> fetch(std::span<const std::string> uids, std::size_t max_bytes, const Sink& sink) override {
        fetches.push_back(uids.size());
        for (const auto& uid : uids) {
            if (on_fetch)
                if (auto allowed = on_fetch(uid); !allowed) return allowed;
            for (const auto& [name, bytes] : inbox)
                if (name == uid) sink({uid, bytes.substr(0, max_bytes), bytes.size(), Time{Duration{1'795'262'400}}});
        }
        return {};
    }
    Result<Filed> file(const Filing& filing) override {
        if (on_file)
            if (auto allowed = on_file(filing); !allowed) return allowed.error();
        auto& folder = folders[fmt::format("{}", fmt::join(filing.folder, "/"))];
        for (const auto& uid : filing.uids) {
            folder.push_back(uid);
            std::erase_if(inbox, [&](const auto& message) { return message.first == uid; });
        }
        return Filed{};
    }
    Result<void> put(const FolderPath& folder, const NewMessage& message) override {
        if (on_put)
            if (auto allowed = on_put(); !allowed) return allowed;
        auto& ids = folders[fmt::format("{}", fmt::join(folder, "/"))];
        if (std::find(ids.begin(), ids.end(), message.id) != ids.end()) return {};
        ids.push_back(message.id);
        written.push_back(message.bytes);
        return {};
    }
    Result<void> take_back(const FolderPath& folder, const std::string& id) override {
        std::erase(folders[fmt::format("{}", fmt::join(folder, "/"))], id);
        return {};
    }
    Result<std::vector<FolderState>> look(std::span<const FolderPath> paths) override {
        return std::vector<FolderState>(paths.size());
    }
    Result<void> enter(const FolderPath& /*folder*/, Access /*access*/) override { return {}; }
    [[nodiscard]] bool can_come_back() const override { return true; }
    Result<void> close() override { return {}; }
    Result<Wake> wait(Duration /*timeout*/, int /*stop_fd*/) override { return Wake::timeout; }
};

} // namespace nixie
